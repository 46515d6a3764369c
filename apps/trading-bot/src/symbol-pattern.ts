/** What a symbol may look like; a name that JavaScript gives a meaning of its own is none. */
export const symbolPattern = /^[\dA-Za-z^][\w.:/=^-]{0,31}$/

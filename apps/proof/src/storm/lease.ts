/** After how long a lock counts as given up: the least that proper-lockfile takes. */
export const leaseMs = 2000

/** Whether an option's name says that its value is a secret. */
export function isSecretName(name: string): boolean {
  const isSecret =
    /pass(?:word|wd|phrase|code)|pass$|pwd|secret|token|credential|bearer|cookie|jwt|signature|private/i
  return isSecret.test(name) || /(?:auth|authorization|keys?|keyid)$/i.test(name)
}

/** `text`, a URL or what was meant to be one, with passwords and secret options blotted out. */
export function redactUrl(text: string): string {
  const { start, user, password } = userInfo(text)
  const rest = text.slice(start.length + user.length)
  const shown = password === undefined ? text : `${start}${user}***${rest.slice(password.length)}`
  return shown.replaceAll(/([?&]([^=&]+)=)([^&]*)/g, (whole: string, key: string, name: string) =>
    isSecretName(decoded(name)) ? `${key}***` : whole,
  )
}

/**
 * The secrets in a configuration, in each form in which a message may quote them: what stands under
 * a name that says so, at any depth, and passwords in URLs.
 */
export function secretsOf(config: unknown): readonly string[] {
  const found = new Set<string>()
  collect(config, false, found)
  const forms = [...found].flatMap((secret) => [secret, decoded(secret)])
  // What is shorter is no secret, and would blot out half of the message.
  return forms.filter((secret) => secret.length >= 3)
}

/** `message` with each of `secrets` blotted out. */
export function blotOut(message: string, secrets: readonly string[]): string {
  const longestFirst = secrets.toSorted((a, b) => b.length - a.length)
  return longestFirst.reduce((text, secret) => text.replaceAll(secret, '***'), message)
}

function collect(value: unknown, isSecret: boolean, found: Set<string>): void {
  if (typeof value === 'string') {
    if (isSecret) found.add(value)
    for (const secret of secretsOfUrl(value)) found.add(secret)
  } else if (typeof value === 'number' || typeof value === 'bigint') {
    if (isSecret) found.add(String(value))
  } else if (isPlain(value)) {
    for (const [name, member] of Object.entries(value)) {
      collect(member, isSecret || isSecretName(name), found)
    }
  }
}

/** Other objects, such as a pool that is passed in, are not looked into: they may have no end. */
function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  return Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype
}

function secretsOfUrl(text: string): string[] {
  const { password } = userInfo(text)
  const [, query = ''] = /\?(.*)$/s.exec(text) ?? []
  const values = query.split('&').flatMap((part) => {
    const [name = '', ...value] = part.split('=')
    return isSecretName(decoded(name)) ? [value.join('=')] : []
  })
  return [...(password === undefined ? [] : [password]), ...values]
}

interface UserInfo {
  readonly start: string
  /** With its colon; empty where there is only a token. */
  readonly user: string
  readonly password: string | undefined
}

/** What stands before the last `@`, so that a password with an unescaped `/`, `?` or `@` is whole. */
function userInfo(text: string): UserInfo {
  const [start = ''] = /^(?:[a-z][a-z0-9+.-]*:)?(?:\/\/)?/i.exec(text) ?? []
  const rest = text.slice(start.length)
  const isPath = /^(?:[./\\]|[a-z]:[\\/])/i.test(rest)
  const authority = start.endsWith('//') ? rest : rest.replace(/\/.*$/s, '')
  const end = authority.lastIndexOf('@')
  if (isPath || end === -1) return { start, user: '', password: undefined }
  const [user = ''] = /^[^/?#:@]*:/.exec(authority) ?? []
  return { start, user, password: authority.slice(user.length, end) }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    // Not an escape: it stands for itself.
    return text
  }
}

/** Codes of a certificate that nobody whom Node trusts has signed (Node's documentation of TLS, "X509 certificate error codes"). */
const unknownSigner = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
])

/** What a server of ours, or the driver that speaks to it, says in words of its own, and what that is to who runs Confab. */
const meanings: readonly (readonly [says: RegExp, means: string])[] = [
  [/^NOAUTH/, 'it wants a password, and its address names none'],
  [/^WRONGPASS/, 'it does not take this user and password'],
  [/SASL.*(password must be|no password)/i, 'it wants a password, and its address names none'],
  [/^Connection terminated unexpectedly/, 'it closed the connection without saying why'],
  [/^Connection terminated due to connection timeout|^timeout expired/, 'it did not answer in time'],
]

/** The same by code: of the system (errno), and of PostgreSQL (its documentation, appendix A). */
const codes: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'no host has this name',
  EAI_AGAIN: 'the name of its host cannot be looked up now',
  EHOSTUNREACH: 'no way leads to its host',
  ENETUNREACH: 'no way leads to its network',
  ETIMEDOUT: 'its host does not answer',
  ECONNRESET: 'it closed the connection without saying why',
  '28P01': 'it does not take this user and password',
  '28000': 'it does not let this user in from here: see pg_hba.conf, and whether the user is there',
  '3D000': 'it has no database of this name',
  '53300': 'it takes no more connections: see max_connections',
  '57P03': 'it is starting or stopping',
}

/**
 * Why a connection to a server of ours did not come about: what that means, and then the words of who said it. It is half a sentence,
 * without the address, which may hold a password.
 */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0)
    return [...new Set(error.errors.map(reasonOf))].join(', ')
  if (!(error instanceof Error)) return String(error)
  const code = 'code' in error ? String(error.code) : ''
  const said = error.message || error.name
  const [words = ''] = said.split(';')
  if (unknownSigner.has(code)) return `${words} (its CA is not known here: name it by NODE_EXTRA_CA_CERTS)`
  const means = meanings.find(([says]) => says.test(said))?.[1] ?? codes[code]
  return means === undefined ? said : `${means} (${said})`
}

/** Why something in a folder could not be made or written, by the system's code, and what to do: two sentences, after who it happened to. */
const reasons: Readonly<Record<string, string>> = {
  EROFS: 'its file system is mounted read-only. Mount it for writing, or name another folder',
  EACCES: 'this user may not. Give the folder to the user that the server runs as (chown --recursive)',
  EPERM:
    'the system forbids it. See to attributes (lsattr), and to what confines the service, such as ProtectSystem in its unit',
  ENOSPC:
    'the disk has no room left, or no room for more files (df -h and df -i tell which). Make room there',
  EDQUOT: 'the quota of this user is used up. Raise it, or make room',
  ENOTDIR: 'a part of its path is a file. Name another folder',
  EEXIST: 'a file has its name. Name another folder',
  ENAMETOOLONG: 'its path is too long. Name another folder',
  ELOOP: 'its path leads in a circle of links. Name another folder',
  EIO: 'the disk fails. See what the system tells of it (dmesg), and restore a backup to another one',
}

/** Why it was not, as two sentences without a full stop at the end; the system's own words where they are not known here. */
export function notWritten(cause: unknown): string {
  const { code = '', message } = cause as NodeJS.ErrnoException
  const reason = reasons[code]
  return reason === undefined ? message : `${reason} [${code}]`
}

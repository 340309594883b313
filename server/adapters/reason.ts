/** Codes of a certificate that nobody whom Node trusts has signed (Node's documentation of TLS, "X509 certificate error codes"). */
const unknownSigner = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
])

/**
 * Why a connection to a server of ours did not come about, in the words of the library, and what to do about it where they do not say.
 * It is half a sentence, without the address, which may hold a password.
 */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors.map(reasonOf).join(', ')
  if (!(error instanceof Error)) return String(error)
  const code = 'code' in error ? String(error.code) : ''
  const [words = ''] = (error.message || error.name).split(';')
  if (unknownSigner.has(code)) return `${words} (its CA is not known here: name it by NODE_EXTRA_CA_CERTS)`
  return error.message || error.name
}

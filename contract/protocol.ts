/** The version of the protocol, as the first frame of a client tells it. */
export const protocolVersion = 1

/** The subprotocol that both sides name when a socket opens (RFC 6455, section 1.9). */
export const subprotocol = 'confab.v1'

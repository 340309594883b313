export type PictureKind = 'jpeg' | 'png' | 'webp' | 'avif' | 'gif'

const ascii = (bytes: Uint8Array, from: number, to: number): string =>
  String.fromCharCode(...bytes.subarray(from, to))

/**
 * What a picture is by its first bytes, whatever it is called: JPEG (ITU T.81), PNG (ISO 15948), WebP (RFC 9649), AVIF (an ISO 14496-12
 * file whose major or compatible brands say so), GIF. `null` for anything else.
 */
export function kindOf(bytes: Uint8Array): PictureKind | null {
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return 'jpeg'
  if (ascii(bytes, 0, 8) === '\x89PNG\r\n\x1a\n') return 'png'
  if (ascii(bytes, 0, 4) === 'RIFF' && ascii(bytes, 8, 12) === 'WEBP') return 'webp'
  if (['GIF87a', 'GIF89a'].includes(ascii(bytes, 0, 6))) return 'gif'
  if (ascii(bytes, 4, 8) === 'ftyp' && brandsOf(bytes).includes('avif')) return 'avif'
  return null
}

/** The brands of an `ftyp` box: the major one, and after its version the compatible ones. Its length is not believed beyond 256 bytes. */
function brandsOf(bytes: Uint8Array): string[] {
  const length = new DataView(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 256)).getUint32(0)
  const end = Math.min(length, bytes.length, 256)
  const brands = [ascii(bytes, 8, 12)]
  for (let at = 16; at + 4 <= end; at += 4) brands.push(ascii(bytes, at, at + 4))
  return brands
}

/**
 * What became of a picture. `sizes`: square WebP by side in pixels, never enlarged, metadata dropped. `unsupported`: not of a type taken, or
 * broken. `too_large`: of too many bytes. `too_many_pixels`: more than the `most` that may be decoded of its `kind`. `too_costly`: decoding it
 * takes more memory than any picture within those bounds. `busy`: too many wait, of this person's or at all. `late`: its turn did not come in time.
 */
export type Picture =
  | { readonly is: 'done'; readonly sizes: Readonly<Record<number, Uint8Array>> }
  | { readonly is: 'unsupported' | 'too_large' | 'too_costly' | 'busy' | 'late' }
  | ({ readonly is: 'too_many_pixels' } & TooManyPixels)

/** `kind`: what the picture is, for a sentence ("a progressive JPEG"). Sizes in pixels. */
export interface TooManyPixels {
  readonly kind: string
  readonly width: number
  readonly height: number
  readonly most: number
}

/** Reads pictures that nobody vouches for: by their first bytes and not by their name, within bounds of bytes, pixels and time. */
export interface Pictures extends AsyncDisposable {
  /** `of`: whose it is. People take turns, so that nobody's pictures keep everybody else's waiting. */
  square(bytes: Uint8Array, of: string): Promise<Picture>
}

import * as z from 'zod/mini'
import { limits } from './limits.ts'
import { storable, utf8Bytes } from './storable.ts'
import { hasVisible } from './visible.ts'

/**
 * Controls, direction marks and what Unicode lets a font leave out (Default_Ignorable_Code_Point): they make one name look like another. ZWNJ,
 * ZWJ and variation selectors are among them, and belong to scripts and emoji: `withoutJoins` takes those out that do.
 */
export const deceptive =
  /[\p{Cc}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u061c\u200e\u200f\u202a-\u202e\u2800\ufff9-\ufffb]/u

/** Emoji with their selectors, skin tones and joiners, keycaps, and flags of regions (UTS 51). */
const emoji =
  /\u{1f3f4}[\u{e0030}-\u{e0039}\u{e0061}-\u{e007a}]{2,6}\u{e007f}|[0-9#*]\ufe0f?\u20e3|(?:\p{Extended_Pictographic}|\p{Emoji_Modifier_Base})(?:[\ufe0e\ufe0f]|\p{Emoji_Modifier})?(?:\u200d\p{Extended_Pictographic}(?:\ufe0f|\p{Emoji_Modifier})?)*/gu

/** A joiner or non-joiner within a word of a script that has them (UAX 31, section 2.3): Arabic and Mongolian ones, and those of India and its neighbours. */
const joiner =
  /(?<=[\p{Script_Extensions=Arabic}\p{Script_Extensions=Syriac}\p{Script_Extensions=Nko}\p{Script_Extensions=Mongolian}\p{Script_Extensions=Devanagari}\p{Script_Extensions=Bengali}\p{Script_Extensions=Gurmukhi}\p{Script_Extensions=Gujarati}\p{Script_Extensions=Oriya}\p{Script_Extensions=Tamil}\p{Script_Extensions=Telugu}\p{Script_Extensions=Kannada}\p{Script_Extensions=Malayalam}\p{Script_Extensions=Sinhala}\p{Script_Extensions=Khmer}\p{Script_Extensions=Tibetan}])[\u200c\u200d](?=[\p{L}\p{M}]|$|\s)/gu

/** A variant of an ideograph (UTS 37). */
const ideographVariant = /(?<=\p{Script=Han})[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]/gu

/** The text without what is invisible and belongs there all the same. */
export const withoutJoins = (text: string): string =>
  text.replace(emoji, '\u{1f642}').replace(joiner, '').replace(ideographVariant, '')

/** One line a person reads: trimmed, its inner white space kept, no deceptive characters, something to see, `min` to `max` characters (code points). */
export const line = (min: number, max: number) =>
  z.pipe(
    z.string().check(z.maxLength(max * 8, `must have at most ${max} characters`)),
    z.pipe(
      z.transform((text: string) => text.trim()),
      z.string().check(
        z.refine(
          text => storable(text) && !deceptive.test(withoutJoins(text)),
          'must not hold control, direction or invisible characters',
        ),
        z.refine(
          text => [...text].length >= min,
          min === 1 ? 'must not be empty' : `must have at least ${min} characters`,
        ),
        z.refine(
          text => text === '' || hasVisible(text),
          'must hold something that can be seen, such as a letter or an emoji',
        ),
        z.refine(text => [...text].length <= max, `must have at most ${max} characters`),
      ),
    ),
  )

/** A username: letters, digits and `@ . + - _` (what Django takes as well), NFKC, 1 to 150 characters. Unique after `foldName`, and by what it looks like. */
export const username = z.pipe(
  line(1, limits.usernameCharacters),
  z.pipe(
    z.transform((name: string) => name.normalize('NFKC')),
    z.string().check(
      z.regex(/^[\p{L}\p{M}\p{N}@.+_-]+$/u, 'may hold letters, digits and @ . + - _ only'),
      // Some of those letters and marks are drawn as nothing.
      z.refine(name => !deceptive.test(name), 'must not hold invisible characters'),
      z.refine(hasVisible, 'must hold a letter or a digit'),
    ),
  ),
)

export const displayName = line(1, limits.displayNameCharacters)
export const personName = line(0, limits.displayNameCharacters)
export const statusLine = line(0, limits.statusCharacters)
export const roomName = line(1, limits.nameCharacters)
export const roomTopicText = line(0, limits.topicCharacters)
export const workspaceName = line(1, limits.nameCharacters)
export const tokenName = line(1, limits.nameCharacters)

/** An e-mail address as HTML's `input type=email` takes it, or empty for none. It is not verified. */
export const email = z.pipe(
  line(0, limits.emailCharacters),
  z
    .string()
    .check(
      z.regex(
        /^$|^[^\s@<>"(),:;]+@[^\s@<>"(),:;.]+(\.[^\s@<>"(),:;.]+)*$/,
        'must be an e-mail address, like name@example.org',
      ),
    ),
)

/** 8 to 200 characters, any characters, no rules of composition; what is too common is refused where the list is. */
export const password = z
  .string()
  .check(
    z.maxLength(limits.passwordMax, `must have at most ${limits.passwordMax} characters`),
    z.minLength(limits.passwordMin, `must have at least ${limits.passwordMin} characters`),
    z.refine(storable, 'must be well-formed text'),
  )

/** The text of a message as written (Markdown): at most 16 KiB of UTF-8, with something to see. */
export const messageText = z.string().check(
  z.maxLength(limits.textBytes, 'must have at most 16 KiB'),
  z.refine(storable, 'must be well-formed text without U+0000'),
  z.refine(text => text.trim() !== '', 'must not be empty'),
  z.refine(hasVisible, 'must hold something that can be seen, such as a letter or an emoji'),
  z.refine(text => utf8Bytes(text) <= limits.textBytes, 'must have at most 16 KiB'),
)

import * as z from 'zod/mini'
import { isDeceptive, mixesAlphabets, withoutJoins } from './deceptive.ts'
import { limits } from './limits.ts'
import { storable, utf8Bytes } from './storable.ts'
import { hasVisible } from './visible.ts'

/** One line a person reads: trimmed, its inner white space kept, no deceptive characters, something to see, `min` to `max` characters (code points). */
export const line = (min: number, max: number) =>
  z.pipe(
    z.string().check(z.maxLength(max * 8, `must have at most ${max} characters`)),
    z.pipe(
      z.transform((text: string) => text.trim()),
      z.string().check(
        z.refine(
          text => storable(text) && !isDeceptive(text),
          'must not hold control, direction, private-use or invisible characters',
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

/**
 * A username: letters, digits and `@ . + - _` (what Django takes as well), NFKC, 1 to 150 characters, with joiners where a script needs them, in one of the
 * alphabets that look alike. Unique after `foldName`, and by what it looks like.
 */
export const username = z.pipe(
  line(1, limits.usernameCharacters),
  z.pipe(
    z.transform((name: string) => name.normalize('NFKC')),
    z.string().check(
      z.refine(
        name => /^[\p{L}\p{M}\p{N}@.+_-]+$/u.test(withoutJoins(name)),
        'may hold letters, digits and @ . + - _ only',
      ),
      // Some of those letters and marks are drawn as nothing.
      z.refine(name => !isDeceptive(name), 'must not hold invisible characters'),
      z.refine(
        name => !mixesAlphabets(name),
        'must not mix letters of different alphabets, such as Latin and Cyrillic ones, since they look alike: write it in one of them',
      ),
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

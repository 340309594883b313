const longest = 72

/** Written by git itself, or to be folded into another commit before it is published. */
const byGit = /^(Merge|Revert|fixup!|squash!|amend!) /

/**
 * What is wrong with a commit's message, as one sentence; null where it follows CONTRIBUTING.md: `area: Imperative sentence.`, at most 72
 * characters, and a blank line before the body. Lines that begin with `#` are git's own comments.
 */
export function messageProblem(message: string): string | null {
  const [subject = '', blank = ''] = message.split('\n').filter(line => !line.startsWith('#'))
  if (byGit.test(subject)) return null
  if (subject.length > longest) return `The subject has ${subject.length} characters; at most ${longest}.`
  if (!/^[a-z][a-z-]*: \p{Lu}.*\.$/u.test(subject))
    return 'The subject is `area: Imperative sentence.`: one area, a capital, a full stop.'
  if (blank.trim() !== '') return 'A blank line stands between the subject and the body.'
  return null
}

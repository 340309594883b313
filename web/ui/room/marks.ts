/** What stands in a text box: its text and what is selected in it, as UTF-16 offsets. */
export interface Box {
  text: string
  start: number
  end: number
}

/** Puts a text in place of what is selected. */
export function typeText({ text, start, end }: Box, put: string): Box {
  const at = start + put.length
  return { text: text.slice(0, start) + put + text.slice(end), start: at, end: at }
}

/** Puts a mark ("**", "_", "`") around what is selected, or takes it away where it stands there already. */
export function toggleMark({ text, start, end }: Box, mark: string): Box {
  const n = mark.length
  const selected = text.slice(start, end)
  if (text.slice(start - n, start) === mark && text.slice(end, end + n) === mark) {
    return { text: text.slice(0, start - n) + selected + text.slice(end + n), start: start - n, end: end - n }
  }
  if (selected.length >= 2 * n && selected.startsWith(mark) && selected.endsWith(mark)) {
    const bare = selected.slice(n, -n)
    return { text: text.slice(0, start) + bare + text.slice(end), start, end: start + bare.length }
  }
  return {
    text: text.slice(0, start) + mark + selected + mark + text.slice(end),
    start: start + n,
    end: end + n,
  }
}

/** Puts `prefix` before every selected line ("> ", "- "), or takes it away where all of them have it. */
export function toggleLines({ text, start, end }: Box, prefix: string): Box {
  const from = text.lastIndexOf('\n', start - 1) + 1
  const newline = text.indexOf('\n', end)
  const to = newline < 0 ? text.length : newline
  const lines = text.slice(from, to).split('\n')
  const all = lines.every(line => line.startsWith(prefix))
  const changed = lines.map(line => (all ? line.slice(prefix.length) : prefix + line)).join('\n')
  const first = all ? -prefix.length : prefix.length
  return {
    text: text.slice(0, from) + changed + text.slice(to),
    start: Math.max(from, start + first),
    end: from + changed.length - (to - end),
  }
}

/** Makes a link of what is selected, with the address selected to be written over; a selected address becomes the link's address. */
export function makeLink({ text, start, end }: Box): Box {
  const selected = text.slice(start, end)
  const isAddress = /^https?:\/\/\S+$/i.test(selected)
  const label = isAddress ? '' : selected
  const address = isAddress ? selected : 'https://'
  const made = `[${label}](${address})`
  const at = isAddress || label === '' ? start + 1 : start + label.length + 3
  return {
    text: text.slice(0, start) + made + text.slice(end),
    start: at,
    end: isAddress || label === '' ? at : at + address.length,
  }
}

/** Sets what is selected as a block of code, on lines of its own. */
export function makeCodeBlock({ text, start, end }: Box): Box {
  const before = start > 0 && text[start - 1] !== '\n' ? '\n' : ''
  const after = end < text.length && text[end] !== '\n' ? '\n' : ''
  const open = `${before}\`\`\`\n`
  const made = `${open}${text.slice(start, end)}\n\`\`\`${after}`
  return {
    text: text.slice(0, start) + made + text.slice(end),
    start: start + open.length,
    end: end + open.length,
  }
}

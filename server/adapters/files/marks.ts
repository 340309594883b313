/** The name of a workspace's mark, beside the names of files. Its bytes are for people. */
export const nameOfMark = (mark: string): string => `workspace-${mark}`
export const markForm = /^workspace-[\w-]{43}$/
export const markOfName = (name: string): string => name.slice(nameOfMark('').length)

export const bytesOfMark = new TextEncoder().encode(
  'The pictures beside this are those of a Confab. Take this away when that one is no more, and not before.\n',
)

/** The first letter of a workspace's name, for the square that stands for it. */
export const monogramOf = (name: string): string => /[\p{L}\p{N}]/u.exec(name)?.[0].toLocaleUpperCase() ?? ''

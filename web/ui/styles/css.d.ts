/** Style sheets are imported for what they do. */
declare module '*.css' {}

/** The address of a script of its own. */
declare module '*?worker&url' {
  const address: string
  export default address
}

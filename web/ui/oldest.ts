// What the oldest browsers that the page is built for lack, and what the build does not put in: the names under which things are let go of
// (TC39, Explicit Resource Management). Without them all such methods of a class would share the name "undefined".
for (const name of ['dispose', 'asyncDispose'] as const) {
  if (!(name in Symbol)) Object.defineProperty(Symbol, name, { value: Symbol.for(`Symbol.${name}`) })
}

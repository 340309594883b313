/** A map to be changed without touching the one it came from: copied at the first change, so that no change keeps its identity. */
export class CopyOnWrite<K, V> {
  #map: ReadonlyMap<K, V>
  #copy: Map<K, V> | null = null

  constructor(map: ReadonlyMap<K, V>) {
    this.#map = map
  }

  get(key: K): V | undefined {
    return this.#map.get(key)
  }

  set(key: K, value: V): void {
    if (this.#map.get(key) !== value) this.#own().set(key, value)
  }

  delete(key: K): void {
    if (this.#map.has(key)) this.#own().delete(key)
  }

  get result(): ReadonlyMap<K, V> {
    return this.#map
  }

  #own(): Map<K, V> {
    this.#copy ??= new Map(this.#map)
    this.#map = this.#copy
    return this.#copy
  }
}

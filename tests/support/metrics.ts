import assert from 'node:assert/strict'
import type { App } from '../../server/app.ts'

/** What /metrics told at one moment. */
export class Scrape {
  readonly text: string
  readonly #samples = new Map<string, number>()

  constructor(text: string) {
    this.text = text
    for (const line of text.split('\n').filter(each => each !== '' && !each.startsWith('#'))) {
      const [, sample = '', value = ''] = /^(\w+(?:\{.*\})?) (\S+)$/.exec(line) ?? []
      assert.ok(sample && !Number.isNaN(Number(value)), `a line is not of the format: ${line}`)
      this.#samples.set(sample, Number(value))
    }
  }

  /** From the port of metrics alone. */
  static async of({ metricsPort }: Pick<App, 'metricsPort'>): Promise<Scrape> {
    return new Scrape(await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text())
  }

  /** A sample as it is written, such as `confab_connections{state="open"}`; 0 where nothing was counted. */
  value(sample: string): number {
    return this.#samples.get(sample) ?? 0
  }

  /** The names of all families. */
  get names(): string[] {
    return Array.from(this.text.matchAll(/^# TYPE (\w+) /gm), ([, name = '']) => name)
  }

  get labels(): string[] {
    return Array.from(this.text.matchAll(/[{,](\w+)="([^"]*)"/g), ([, name, value]) => `${name}=${value}`)
  }
}

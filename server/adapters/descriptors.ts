import { closeSync, openSync } from 'node:fs'
import { mostFiles, openFiles } from './workload.ts'

/** How many are kept: for the log, the database's files and a connection to be accepted and closed. */
const reserved = 8

/** The descriptors of this process, some of them in reserve. */
export class ProcessDescriptors implements Disposable {
  readonly most: number
  #reserve: number[] = []

  private constructor(most: number) {
    this.most = most
    this.probe()
  }

  /** Null where the system does not tell how many there may be. */
  static here(): ProcessDescriptors | null {
    const most = mostFiles()
    return most === null || openFiles() === null ? null : new ProcessDescriptors(most)
  }

  get open(): number {
    return openFiles() ?? 0
  }

  /** Whether one more can be had. Where not, those in reserve are given up; they are taken again when there is room. */
  probe(): boolean {
    try {
      closeSync(openSync('/dev/null', 'r'))
      while (this.#reserve.length < reserved) this.#reserve.push(openSync('/dev/null', 'r'))
      return true
    } catch {
      this[Symbol.dispose]()
      return false
    }
  }

  [Symbol.dispose](): void {
    for (const descriptor of this.#reserve.splice(0)) closeSync(descriptor)
  }
}

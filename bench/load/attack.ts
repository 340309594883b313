export interface Target {
  readonly port: number
  /** Tokens: of the attacker, and of whoever is the victim of an attack on one person. */
  readonly mallory: string
  readonly victim: string
  readonly room: string
  readonly seconds: number
}

/** Prepares an attack, and answers how to begin it; that resolves with what the attacker saw when it is over. */
export type Attack = (target: Target) => Promise<() => Promise<object>>

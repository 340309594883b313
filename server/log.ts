import { pino } from 'pino'
import { Unavailable } from './core/ports/failures.ts'
import type { Log } from './core/ports/log.ts'

export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const
export type LogLevel = (typeof logLevels)[number]

/** Names of fields that are never written, whoever passes them, two levels deep. A belt: nobody passes them. */
const secret = ['password', 'current', 'code', 'token', 'secret', 'cookie', 'authorization', 'text', 'hash']

/**
 * The operator's log. Lines of JSON for programs, short lines for people; a line is one line whatever it quotes, since every control and
 * direction character in it is escaped. `write` gets whole lines.
 */
export function createLog(options: {
  level: LogLevel
  form: 'json' | 'lines'
  write(line: string): void
}): Log {
  const { form, write } = options
  const logger = pino(
    {
      level: options.level,
      base: null,
      timestamp: () => `,"at":"${new Date().toISOString()}"`,
      formatters: { level: label => ({ level: label }) },
      messageKey: 'says',
      serializers: { error: (error: unknown) => errorOf(error) },
      redact: { paths: secret.flatMap(name => [name, `*.${name}`]), censor: '[secret]' },
    },
    { write: (line: string) => write(form === 'json' ? visible(line) : forPeople(line)) },
  )
  return logger
}

interface ToldError {
  readonly name: string
  readonly says: string
  readonly stack?: string | undefined
  readonly cause?: ToldError | string
}

/** What is told of an error. A bug's stack is for the operator, and no answer ever holds it; the store's state comes from no line of the program. */
function errorOf(error: unknown, isBug = !(error instanceof Unavailable)): ToldError | string {
  if (!(error instanceof Error)) return String(error)
  return {
    name: error.name,
    says: saidBy(error),
    ...(isBug && { stack: error.stack }),
    ...(error.cause ? { cause: errorOf(error.cause, isBug) } : {}),
  }
}

/** Where each address of a host fails, only what is said of them says anything. */
const saidBy = (error: Error): string =>
  error.message || (error instanceof AggregateError ? error.errors.join(', ') : error.name)

/** Everything that could begin a new line, move the cursor or turn the text around, as an escape (all of it stands within JSON strings). */
const visible = (line: string): string =>
  line
    .replace(/[\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, escaped)
    .replace(/\n*$/, '\n')

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

function forPeople(json: string): string {
  const { level, at, says, error, ...fields } = JSON.parse(json) as Record<string, unknown>
  const told = Object.entries(fields).map(([name, value]) => ` ${name}=${JSON.stringify(value)}`)
  const trace = linesOf(error as ToldError | string | undefined).map(line => `\n    ${plain(line)}`)
  const time = new Date(String(at)).toTimeString().slice(0, 8)
  return visible(
    `${time} ${String(level).padEnd(5)} ${plain(String(says))}${told.join('')}${trace.join('')}\n`,
  )
}

/** A bug's stack; else what the error says, and what each cause of it. */
function linesOf(error: ToldError | string | undefined): string[] {
  if (error === undefined) return []
  if (typeof error === 'string') return error.split('\n')
  return error.stack?.split('\n') ?? [error.says, ...linesOf(error.cause)]
}

/** C0 controls as escapes; JSON text has them escaped already. */
const plain = (text: string): string =>
  Array.from(text, character => (character < ' ' ? escaped(character) : character)).join('')

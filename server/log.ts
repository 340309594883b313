import { pino } from 'pino'
import type { Log } from './core/ports.ts'

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
      serializers: { error: errorOf },
      redact: { paths: secret.flatMap(name => [name, `*.${name}`]), censor: '[secret]' },
    },
    { write: (line: string) => write(form === 'json' ? visible(line) : forPeople(line)) },
  )
  return logger
}

/** What is told of an error. A bug's stack is for the operator; no answer ever holds it. */
function errorOf(error: unknown): unknown {
  if (!(error instanceof Error)) return String(error)
  return {
    name: error.name,
    says: error.message,
    stack: error.stack,
    ...(error.cause ? { cause: errorOf(error.cause) } : {}),
  }
}

/** Everything that could begin a new line, move the cursor or turn the text around, as an escape (all of it stands within JSON strings). */
const visible = (line: string): string =>
  line
    .replace(/[\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, escaped)
    .replace(/\n*$/, '\n')

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

function forPeople(json: string): string {
  const { level, at, says, error, ...fields } = JSON.parse(json) as Record<string, unknown>
  const told = Object.entries(fields).map(([name, value]) => ` ${name}=${JSON.stringify(value)}`)
  const stack = (error as { stack?: string } | undefined)?.stack ?? (error === undefined ? '' : String(error))
  const trace = stack.split('\n').map(line => `\n    ${plain(line)}`)
  const time = new Date(String(at)).toTimeString().slice(0, 8)
  return visible(
    `${time} ${String(level).padEnd(5)} ${plain(String(says))}${told.join('')}${stack ? trace.join('') : ''}\n`,
  )
}

/** C0 controls as escapes; JSON text has them escaped already. */
const plain = (text: string): string =>
  Array.from(text, character => (character < ' ' ? escaped(character) : character)).join('')

import { setting } from './setting.ts'

/** Text of a form that allows for no surprises, or null where unset. */
const word =
  (form: RegExp) =>
  (text: string): string | null | undefined =>
    text === '' ? null : form.test(text) ? text : undefined

/** Where files are kept if not on the disk. Either none of the first five is given, or all. */
export const s3Settings = {
  s3Endpoint: setting({
    variable: 'CONFAB_S3_ENDPOINT',
    flag: 's3-endpoint',
    unset: '',
    expects: 'an http or https address without a path, such as https://s3.eu-central-1.amazonaws.com',
    does: 'The S3-compatible storage that keeps files. Unset: `files/` in the data directory.',
    read: readEndpoint,
  }),
  s3Bucket: setting({
    variable: 'CONFAB_S3_BUCKET',
    flag: 's3-bucket',
    unset: '',
    expects: '3 to 63 lower-case letters, digits, dots and hyphens',
    does: 'The bucket that it keeps them in. It exists already.',
    read: word(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/),
  }),
  s3Region: setting({
    variable: 'CONFAB_S3_REGION',
    flag: 's3-region',
    unset: '',
    expects: 'the name of a region, such as eu-central-1',
    does: 'The region that requests are signed for; us-east-1 where the service knows none.',
    read: word(/^[a-z0-9-]{1,63}$/i),
  }),
  s3AccessKeyId: setting({
    variable: 'CONFAB_S3_ACCESS_KEY_ID',
    flag: 's3-access-key-id',
    unset: '',
    expects: 'visible ASCII characters without / or ,',
    does: 'The key that may read, write, delete and list there.',
    secret: true,
    read: word(/^[!-+\-.0-~]{1,256}$/),
  }),
  s3SecretAccessKey: setting({
    variable: 'CONFAB_S3_SECRET_ACCESS_KEY',
    flag: 's3-secret-access-key',
    unset: '',
    expects: 'visible ASCII characters',
    does: 'Its secret, which signs every request and is sent with none. Give it as a variable.',
    secret: true,
    read: word(/^[!-~]{1,256}$/),
  }),
  s3Prefix: setting({
    variable: 'CONFAB_S3_PREFIX',
    flag: 's3-prefix',
    unset: '',
    expects:
      'words of letters, digits, dots, underscores and hyphens, with / between, each beginning with a letter or a digit',
    does: 'What the names of files begin with there, such as confab/, where the bucket holds other things too.',
    read: (text: string) =>
      text.length <= 255 && /^([a-z0-9][\w.-]*(\/[a-z0-9][\w.-]*)*\/?)?$/i.test(text) ? text : undefined,
  }),
  s3Style: setting({
    variable: 'CONFAB_S3_STYLE',
    flag: 's3-style',
    unset: 'path',
    expects: 'path or virtual-hosted',
    does: 'Where the bucket stands in an address: in its path, or before its host name.',
    read: (text): 'path' | 'virtual-hosted' | undefined =>
      text === 'path' || text === 'virtual-hosted' ? text : undefined,
  }),
} as const

const together = ['s3Endpoint', 's3Bucket', 's3Region', 's3AccessKeyId', 's3SecretAccessKey'] as const

type Given = {
  readonly [Name in keyof typeof s3Settings]: NonNullable<ReturnType<(typeof s3Settings)[Name]['read']>>
}

/** All that reaches the storage, or null where files are kept on the disk. */
export function s3Of(config: { readonly [Name in keyof Given]: Given[Name] | null }): Given | null {
  return together.every(name => config[name] !== null) ? (config as Given) : null
}

/** A sentence that names what is missing, where some of the settings are given and not all. */
export function halfGiven(config: { readonly [Name in keyof Given]: Given[Name] | null }): string | null {
  const missing = together.filter(name => config[name] === null)
  const any = missing.length < together.length || config.s3Prefix !== ''
  if (missing.length === 0 || !any) return null
  const names = missing.map(name => s3Settings[name].variable)
  return `Files are to be kept on S3-compatible storage, but ${names.join(', ')} ${names.length > 1 ? 'are' : 'is'} not set. Set all of it, or no CONFAB_S3_ setting.`
}

function readEndpoint(text: string): URL | null | undefined {
  if (text === '') return null
  const url = URL.parse(text)
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password) return undefined
  return url.href === `${url.origin}/` ? url : undefined
}

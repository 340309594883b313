/** Why something in a folder could not be made or written, by the system's code, and what to do: two sentences, after who it happened to. */
const reasons: Readonly<Record<string, string>> = {
  EROFS: 'its file system is mounted read-only. Mount it for writing, or name another folder',
  EACCES: 'this user may not. Give the folder to the user that the server runs as (chown --recursive)',
  EPERM:
    'the system forbids it. See to attributes (lsattr), and to what confines the service, such as ProtectSystem in its unit',
  ENOSPC:
    'the disk has no room left, or no room for more files (df -h and df -i tell which). Make room there',
  EDQUOT: 'the quota of this user is used up. Raise it, or make room',
  ENOTDIR: 'a part of its path is a file. Name another folder',
  EEXIST: 'a file has its name. Name another folder',
  ENAMETOOLONG: 'its path is too long. Name another folder',
  ELOOP: 'its path leads in a circle of links. Name another folder',
  EIO: 'the disk fails. See what the system tells of it (dmesg), and restore a backup to another one',
}

/** Why it was not, as two sentences without a full stop at the end; the system's own words where they are not known here. */
export function notWritten(cause: unknown): string {
  const { code = '', message } = cause as NodeJS.ErrnoException
  const reason = reasons[code]
  return reason === undefined ? message : `${reason} [${code}]`
}

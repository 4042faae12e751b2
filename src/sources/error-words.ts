const words: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of this user is used up',
  EMFILE: 'this process may not open any more files (EMFILE; `ulimit -n` is too low)',
  ENFILE: 'this machine has no file descriptors left (ENFILE)',
  EAGAIN: 'this user may not start any more processes (EAGAIN)',
  ENOMEM: 'the machine is out of memory (ENOMEM)',
  EROFS: 'the file system is read-only',
  EACCES: 'this user may not do that (EACCES)',
  EPERM: 'this user may not do that (EPERM)',
  EIO: 'the disk failed (EIO)',
}

/** Errors of the machine, which are nobody's bug. */
const ofMachine: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE', 'EAGAIN', 'ENOMEM', 'EROFS', 'EIO'])

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''

/** True for a full disk, no descriptors and the like: the machine's own state, and no bug of ours. */
export const isMachineError = (error: unknown): boolean => ofMachine.has(codeOf(error))

/** What an error of the system means, in words. */
export const errorWords = (error: unknown): string => {
  const code = codeOf(error)
  return words[code] ?? (code || (error instanceof Error ? error.message : String(error)))
}

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
  EINVAL: 'it is no plain file (EINVAL)',
}

/** Errors of the machine, which are nobody's bug. */
const ofMachine: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE', 'EAGAIN', 'ENOMEM', 'EROFS', 'EIO'])

export const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''

/** True for a full disk, no descriptors and the like: the machine's own state, and no bug of ours. */
export const isMachineError = (error: unknown): boolean => ofMachine.has(codeOf(error))

/** What keeps somebody from reading: macOS answers EPERM where its privacy settings close a folder to the program that asks. */
export const whyUnreadable = (code: string): {because: string; tryThis: string} | null => {
  if (code === 'EPERM' && process.platform === 'darwin')
    return {
      because:
        'macOS keeps this folder from the program that asks (its privacy settings: ~/Documents, ~/Desktop, ~/Downloads, volumes)',
      tryThis: 'give Full Disk Access to the terminal, over SSH to sshd-keygen-wrapper, in System Settings, Privacy & Security',
    }
  return code === 'EACCES' || code === 'EPERM'
    ? {because: 'this user may not read it', tryThis: "run gatecrab as the gateway's user"}
    : null
}

/** What an error of the system means, in words. */
export const errorWords = (error: unknown): string => {
  const code = codeOf(error)
  return words[code] ?? (code || (error instanceof Error ? error.message : String(error)))
}

import fs from 'node:fs'

/** The end of a pipe that a shell holds open for us, as of `<(zcat …)`; what is read of it is gone. */
const ofShell = /^\/(?:dev|proc\/(?:self|\d+))\/fd\/\d+$/

/** A pipe in a folder, to open which is to wait for its writer: for ever, if nobody writes. */
export const isNamedPipe = (file: string, stats: fs.Stats): boolean => stats.isFIFO() && !ofShell.test(file)

/** Opens a log without waiting for anybody. */
export const openLog = (file: string): number => {
  const fd = fs.openSync(file, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK)
  const stats = fs.fstatSync(fd)
  if (!stats.isFIFO()) return fd
  fs.closeSync(fd)
  if (isNamedPipe(file, stats)) throw Object.assign(new Error('a named pipe is no file'), {code: 'EINVAL'})
  return fs.openSync(file, 'r')
}

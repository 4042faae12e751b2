import fs from 'node:fs'
import {openLog} from './pipe.ts'

const sniffedBytes = 4096

const bytesOf = (file: string): Buffer => {
  const fd = openLog(file)
  try {
    const bytes = Buffer.alloc(sniffedBytes)
    return bytes.subarray(0, fs.readSync(fd, bytes, 0, sniffedBytes, 0))
  } finally {
    fs.closeSync(fd)
  }
}

const share = (bytes: Buffer, is: (byte: number, at: number) => boolean): number =>
  bytes.reduce((count, byte, at) => count + Number(is(byte, at)), 0) / bytes.length

/** In text of mostly Latin letters, every other byte is a zero. */
const isUtf16 = (bytes: Buffer): boolean =>
  /^(?:fffe|feff)/.test(bytes.toString('hex', 0, 2)) ||
  share(bytes, (byte, at) => byte === 0 && at % 2 === 1) > 0.4 ||
  share(bytes, (byte, at) => byte === 0 && at % 2 === 0) > 0.4

const isBinary = (bytes: Buffer): boolean =>
  share(bytes, byte => byte < 9 || (byte > 13 && byte < 32 && byte !== 27)) > 0.05 || bytes.toString().includes('\ufffd\ufffd')

type Why = {because: string; tryThis: string}

/** Why no line of a file has the form of a log line, where its first bytes show it. */
export const whyFormless = (file: string): Why | null => {
  try {
    const bytes = bytesOf(file)
    if (bytes.length === 0) return {because: 'it is empty', tryThis: 'Name the file that the gateway writes with --log.'}
    if (isUtf16(bytes)) return {because: 'it is UTF-16', tryThis: `iconv -f UTF-16 -t UTF-8 ${file} | gatecrab … --log -`}
    if (!bytes.includes(10) && bytes.includes(13))
      return {because: 'its lines end with a carriage return alone', tryThis: `tr '\\r' '\\n' < ${file} | gatecrab … --log -`}
    if (isBinary(bytes)) return {because: 'it is no text', tryThis: 'Name the file that the gateway writes with --log.'}
    return null
  } catch {
    return null
  }
}

import fs from 'node:fs'
import path from 'node:path'
import {errorWords} from '../error-words.ts'
import {fileErrorCode} from '../token/file.ts'
import {ballastBytes} from './journals.ts'
import type {StatePlaces} from './journals-folder.ts'

/** The folder, or the nearest one above it that exists. */
const nearestFolder = (folder: string): string =>
  fs.existsSync(folder) || folder === path.dirname(folder) ? folder : nearestFolder(path.dirname(folder))

/** Why no plan could keep its journal now; null where it could. Writes nothing. */
export const unwritableBecause = ({root}: StatePlaces): string | null => {
  try {
    const folder = nearestFolder(root)
    fs.accessSync(folder, fs.constants.W_OK)
    const {bavail, bsize, files, ffree} = fs.statfsSync(folder)
    if (bavail * bsize < ballastBytes || (files > 0 && ffree === 0)) return 'the disk is full'
    return null
  } catch (error) {
    return fileErrorCode(error) === 'EACCES' ? 'this user may not write there' : errorWords(error)
  }
}

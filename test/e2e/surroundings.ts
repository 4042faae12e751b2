import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {onTestFinished} from 'vitest'

/** A folder of its own that is gone after the test. */
export const temporaryFolder = (): string => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gatecrab-e2e-'))
  onTestFinished(() => fs.rmSync(folder, {recursive: true, force: true}))
  return folder
}

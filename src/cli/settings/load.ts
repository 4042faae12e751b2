import os from 'node:os'
import {isFailure} from '../../domain/failure.ts'
import type {Settings} from '../../settings/read.ts'
import {readSettingsFile, settingsFile} from '../../sources/settings-file.ts'
import type {Args} from '../options.ts'

/** Of this account; without a home there is none. */
export const ownSettingsFile = (): string => settingsFile({env: process.env, home: process.env['HOME'] ?? os.homedir()})

/** Where there is no file this is one look; what reads it is loaded only where there is one. */
export const loadSettings = async (args: Args): Promise<Settings> => {
  if (args.flag('no-config')) return args.settings
  const file = ownSettingsFile()
  const read = readSettingsFile(file)
  if (read === null) return args.settings
  if (isFailure(read)) return {...args.settings, file, mistakes: [read]}
  const {readSettings} = await import('../../settings/read.ts')
  return readSettings(read.text, file)
}

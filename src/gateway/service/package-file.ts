import {isFields, jsonIn} from '../json.ts'

/** It went by other names once. */
const names = ['openclaw', 'clawdbot', 'moltbot']

/** The release in OpenClaw's package.json; null for other packages and partial files. */
export const releaseIn = (text: string): string | null => {
  const fields = jsonIn(text)
  if (!isFields(fields) || !names.some(name => name === fields['name'])) return null
  return typeof fields['version'] === 'string' ? fields['version'] : null
}

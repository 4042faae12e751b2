import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {expect, it} from 'vitest'
import {ownedFiles} from '../../src/sources/service/service.ts'

it('a file of another account bars a gateway, but not one that runs as root, as in a container', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gatecrab-owned-'))
  const file = path.join(folder, 'openclaw.json')
  try {
    fs.writeFileSync(file, '{}', {mode: 0o600})
    const {uid} = fs.statSync(file)
    const trouble = async (gatewayUid: number) =>
      (await ownedFiles([{what: 'config', path: file, isSecret: true}], gatewayUid))[0]?.problem
    expect([await trouble(uid), await trouble(0), await trouble(uid + 4711)]).toEqual([null, null, 'other-owner'])
  } finally {
    fs.rmSync(folder, {recursive: true})
  }
})

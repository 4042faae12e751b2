import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import type {GatewayContainer} from '../../src/domain/container.ts'
import {composeFolders} from '../../src/sources/token/compose.ts'
import {copyIn, type Home, newHome, tokens} from './token-home.ts'

let home: Home

beforeEach(() => {
  home = newHome()
})

afterEach(() => home.remove())

const compose = 'services:\n  gw:\n    image: openclaw\n'
const container = {compose: {folder: '/srv/gw', files: [], project: 'gw', service: 'gw'}} as unknown as GatewayContainer

describe('the compose folders that count', () => {
  it('the one that the operator names, and no other', () => {
    expect(composeFolders('/srv/named', container)).toEqual(['/srv/named'])
  })

  it("that of the gateway's container, by its label", () => {
    expect(composeFolders(null, container)).toEqual(['/srv/gw'])
    expect(composeFolders(null, {...container, compose: null})).toEqual([])
    expect(composeFolders(null, null)).toEqual([])
  })

  it('that of the working directory of the unit', async () => {
    home.write('gw/compose.yaml', compose)
    home.write('gw/.env', `OPENCLAW_GATEWAY_TOKEN=${tokens.now}\n`)
    home.write(
      '.config/systemd/user/openclaw-gateway.service',
      `[Service]\nWorkingDirectory=%h/gw\nExecStart=docker compose up\n`,
    )
    expect(copyIn(await home.copies(), 'compose')).toMatchObject({path: `${home.folder}/gw/.env`, writable: true})
  })
})

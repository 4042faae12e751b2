import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {composeFolders} from '../../src/sources/token/compose-folders.ts'
import {copyIn, type Home, newHome, tokens} from './token-home.ts'

let home: Home

beforeEach(() => {
  home = newHome()
})

afterEach(() => home.remove())

/** Nobody listens on port 1, as where docker forwards it without a process of its own. */
const gate = {host: '127.0.0.1', port: 1}
const compose = 'services:\n  gw:\n    image: openclaw\n'

describe('the compose folders that count', () => {
  it('the one that the operator names, and no other', async () => {
    home.stub('docker', 'echo /srv/labelled')
    expect(await composeFolders('/srv/named', gate, home.around())).toEqual(['/srv/named'])
    expect(home.calls()).toEqual([])
  })

  it('that of the container which publishes the port, by its label', async () => {
    home.stub('docker', 'echo /srv/gw; echo; echo /srv/gw')
    expect(await composeFolders(null, gate, home.around())).toEqual(['/srv/gw'])
    expect(home.calls()).toEqual(['docker ps --filter publish=1 --format {{.Label "com.docker.compose.project.working_dir"}}'])
  })

  it('none where there is no docker, for a gateway elsewhere, and for what is no path', async () => {
    expect(await composeFolders(null, gate, home.around())).toEqual([])
    home.stub('docker', 'echo not-a-path')
    expect(await composeFolders(null, gate, home.around())).toEqual([])
    expect(await composeFolders(null, {host: 'mini.example', port: 1}, home.around())).toEqual([])
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

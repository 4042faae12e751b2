import {fleetStatusOf, loginEndsIn, type RemoteGateway} from '../../domain/fleet.ts'
import type {Metric, Sample} from './metric.ts'

export type FleetInputs = {fleet: readonly RemoteGateway[]; now: number}

const each =
  (value: (one: RemoteGateway, now: number) => number | null) =>
  ({fleet, now}: FleetInputs): Sample[] =>
    fleet.flatMap(one => {
      const found = value(one, now)
      return found === null ? [] : [{labels: {host: one.host}, value: found}]
    })

const standings = ['ok', 'soon', 'unknown', 'broken', 'unreachable', 'silent', 'connecting'] as const

/** Gateways on other machines: their reported status, and whether they are reachable. */
export const fleetMetrics: readonly Metric<FleetInputs>[] = [
  {
    name: 'gatecrab_fleet_standing',
    type: 'gauge',
    help: 'How a gateway on another machine stands: 1 for the one that is so. unreachable, silent: it cannot be heard now.',
    labels: ['host', 'standing'],
    read: ({fleet, now}) =>
      fleet.flatMap(one =>
        standings.map(status => ({
          labels: {host: one.host, standing: status},
          value: Number(fleetStatusOf(one, now) === status),
        })),
      ),
    alerts: [
      {
        name: 'GatecrabFleetBroken',
        expr: 'gatecrab_fleet_standing{standing="broken"} == 1',
        for: '5m',
        severity: 'critical',
        summary: 'The gateway on {{ $labels.host }} is broken',
        description: 'gatecrab check --host {{ $labels.host }} says what is wrong and what helps.',
      },
      {
        name: 'GatecrabFleetOutOfReach',
        expr: 'max by (instance, host) (gatecrab_fleet_standing{standing=~"unreachable|silent"}) == 1',
        for: '15m',
        severity: 'warning',
        summary: 'The gateway on {{ $labels.host }} cannot be asked',
        description: 'gatecrab check --host {{ $labels.host }} says why.',
      },
    ],
    panel: {
      title: 'Gateways that are not fine',
      kind: 'timeseries',
      expr: 'gatecrab_fleet_standing{standing!="ok"} == 1',
      legend: '{{host}} {{standing}}',
      unit: 'short',
    },
  },
  {
    name: 'gatecrab_fleet_refused_clients',
    type: 'gauge',
    help: 'Clients that a gateway on another machine refuses now.',
    labels: ['host'],
    read: each(({status: word}) => word?.refused ?? null),
  },
  {
    name: 'gatecrab_fleet_login_seconds_to_expiry',
    type: 'gauge',
    help: 'Seconds until the next login at a model provider ends there.',
    labels: ['host'],
    read: each((one, now) => {
      const ms = loginEndsIn(one, now)
      return ms === null ? null : Math.round(ms / 1000)
    }),
  },
  {
    name: 'gatecrab_fleet_last_word_age_seconds',
    type: 'gauge',
    help: 'How long ago the gatecrab on another machine was last heard; absent where it never was.',
    labels: ['host'],
    read: each(({lastSeenAt}, now) => (lastSeenAt === null ? null : Math.max(0, (now - lastSeenAt) / 1000))),
  },
]

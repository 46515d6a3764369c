import { createHash } from 'node:crypto'
import { applyPatches } from '../apply-patches.ts'
import { copyJson } from '../copy-json.ts'
import { setOwn } from '../container.ts'
import type { Json, JsonObject } from '../json.ts'
import type { Patch } from '../patch.ts'
import { formatPointer } from '../pointer.ts'
import { type Intent, isSettled, parseIntent, parseSection, placeOf } from './intent.ts'
import { reservedMember } from './reserved-member.ts'
import { type LedgerBounds, SettledIntents } from './settled-intents.ts'

/** What was done to a ledger: told as patches of the stored document, and able to be taken back. */
export interface LedgerStep {
  readonly patches: readonly Patch[]
  undo(): void
  redo(): void
}

/**
 * The intents of one state: what its reserved member holds. A step costs what it changes, whatever
 * else is kept.
 */
export class EffectLedger {
  /** Undefined as long as there was never an intent: then nothing is stored either. */
  #salt: string | undefined
  #open = new Map<string, Intent>()
  #settled = new SettledIntents()

  /** The intent of effect `name` and `id`, settled or not. */
  get(name: string, id: string): Intent | undefined {
    return this.#at(placeOf(name, id))
  }

  /** The intents that are not settled, by place. */
  get open(): ReadonlyMap<string, Intent> {
    return this.#open
  }

  /** What the reserved member holds, as a copy; undefined when there is none. */
  stored(): JsonObject | undefined {
    if (this.#salt === undefined) return undefined
    const effects: JsonObject = {}
    for (const intents of [this.#settled.all(), this.#open]) {
      for (const [place, intent] of intents) setOwn(effects, place, storedIntent(intent))
    }
    return { salt: this.#salt, effects }
  }

  /**
   * Takes over what a stored document has at its reserved member; undefined for nothing.
   * @throws HoldfastError `CORRUPT`, `NEWER_SCHEMA`; the ledger is then as it was.
   */
  load(section: unknown): void {
    const open = new Map<string, Intent>()
    const settled = new SettledIntents()
    const parsed = section === undefined ? undefined : parseSection(section)
    for (const [place, value] of Object.entries(parsed?.effects ?? {})) {
      const intent = parseIntent(value, place)
      if (isSettled(intent)) settled.add(place, intent)
      else open.set(place, intent)
    }
    settled.sort()
    this.#salt = parsed?.salt
    this.#open = open
    this.#settled = settled
  }

  /**
   * Applies another writer's patch, whose pointer leads on from the reserved member by `steps`.
   * @throws HoldfastError `CORRUPT`, `NEWER_SCHEMA`; TypeError where the pointer leads nowhere. The
   * document has to be loaded anew then.
   */
  apply(steps: readonly string[], patch: Patch): void {
    const [member, place] = steps
    if (this.#salt === undefined || member !== 'effects' || place === undefined) {
      this.#applyToAll(steps, patch)
      return
    }
    const before = this.#at(place)
    const stored: JsonObject = before ? { [place]: storedIntent(before) } : {}
    applyPatches(stored, [{ ...patch, path: formatPointer(steps.slice(1)) }])
    const after = stored[place]
    this.#put(place, before, after === undefined ? undefined : parseIntent(copyJson(after), place))
  }

  /** Adds an open intent. The key is `keyOf` a salt, which is `token` where there is none yet. */
  intend(name: string, id: string, token: string, intent: Omit<Intent, 'key'>): LedgerStep {
    const place = placeOf(name, id)
    const salt = this.#salt
    const made: Intent = { key: keyOf(salt ?? token, name, id), ...intent }
    if (salt !== undefined) return this.#step([[place, undefined, made]], [add(place, made)])
    const value = { salt: token, effects: { [place]: storedIntent(made) } }
    const step = this.#step(
      [[place, undefined, made]],
      [{ op: 'add', path: formatPointer([reservedMember]), value }],
    )
    this.#salt = token
    return {
      patches: step.patches,
      undo: () => {
        step.undo()
        this.#salt = undefined
      },
      redo: () => {
        this.#salt = token
        step.redo()
      },
    }
  }

  /** Removes an open intent. */
  withdraw(name: string, id: string, intent: Intent): LedgerStep {
    const place = placeOf(name, id)
    return this.#step([[place, intent, undefined]], [remove(place)])
  }

  /** Counts one more attempt at an open intent. */
  countAttempt(name: string, id: string, intent: Intent): LedgerStep {
    const place = placeOf(name, id)
    const attempts = intent.attempts + 1
    const path = pathTo(place, 'attempts')
    const next = { ...intent, attempts }
    return this.#step([[place, intent, next]], [{ op: 'replace', path, value: attempts }])
  }

  /** Gives an open intent its result, and forgets what is over the bounds, oldest first. */
  settle(
    name: string,
    id: string,
    intent: Intent,
    settled: { readonly at: string; readonly result: Json },
    bounds: LedgerBounds,
  ): LedgerStep {
    const place = placeOf(name, id)
    const replacements: Replacement[] = [[place, intent, { ...intent, settled }]]
    const value = { at: settled.at, result: copyJson(settled.result) }
    const patches: Patch[] = [{ op: 'add', path: pathTo(place, 'settled'), value }]
    for (const [old, known] of this.#settled.beyond(name, bounds)) {
      replacements.push([old, known, undefined])
      patches.push(remove(old))
    }
    return this.#step(replacements, patches)
  }

  #at(place: string): Intent | undefined {
    return this.#open.get(place) ?? this.#settled.get(place)
  }

  #step(replacements: readonly Replacement[], patches: readonly Patch[]): LedgerStep {
    const redo = (): void => {
      for (const [place, before, after] of replacements) this.#put(place, before, after)
    }
    const undo = (): void => {
      for (const [place, before, after] of replacements.toReversed()) {
        if (before && isSettled(before) && !after) this.#settled.putBack(place, before)
        else this.#put(place, after, before)
      }
    }
    redo()
    return { patches, undo, redo }
  }

  #put(place: string, before: Intent | undefined, after: Intent | undefined): void {
    if (before) (isSettled(before) ? this.#settled : this.#open).delete(place)
    if (after === undefined) return
    if (isSettled(after)) this.#settled.add(place, after)
    else this.#open.set(place, after)
  }

  #applyToAll(steps: readonly string[], patch: Patch): void {
    const section = this.stored()
    const document: JsonObject = section ? { [reservedMember]: section } : {}
    applyPatches(document, [{ ...patch, path: formatPointer([reservedMember, ...steps]) }])
    const changed = document[reservedMember]
    this.load(changed === undefined ? undefined : copyJson(changed))
  }
}

/** One intent and what takes its place. */
type Replacement = readonly [place: string, before: Intent | undefined, after: Intent | undefined]

/**
 * The idempotency key of an effect: 128 bits of SHA-256 in hexadecimal, which each exchange takes as a
 * client order id that we know the rule of: OKX up to 32 letters and digits (`clOrdId` in its API guide),
 * Binance `^[\.A-Z\:/a-z0-9_-]{1,36}$`, Kraken 32 hexadecimal digits ("Spot Client Order Identifiers").
 *
 * By the id, and not drawn anew, so that an id which comes again after its intent was lost (an older
 * generation was restored) or forgotten (it was over the bounds) meets the outside with the same key.
 * By a random salt of this state, so that two states which use the same ids never share a key.
 */
function keyOf(salt: string, name: string, id: string): string {
  const text = JSON.stringify([salt, name, id])
  return createHash('sha256').update(text).digest('hex').slice(0, 32)
}

function pathTo(place: string, ...below: string[]): string {
  return formatPointer([reservedMember, 'effects', place, ...below])
}

function add(place: string, intent: Intent): Patch {
  return { op: 'add', path: pathTo(place), value: storedIntent(intent) }
}

function remove(place: string): Patch {
  return { op: 'remove', path: pathTo(place) }
}

/** A copy, in the order in which the members are documented. */
function storedIntent({ key, input, at, attempts, settled }: Intent): JsonObject {
  const stored: JsonObject = { key, input: copyJson(input), at, attempts }
  if (settled) stored['settled'] = { at: settled.at, result: copyJson(settled.result) }
  return stored
}

#!/usr/bin/env node
import { parseArgs } from 'node:util'
import { type Backend, copyState, HoldfastError } from '@holdfast/core'
import { openBackend } from './open-backend.ts'

const help = `holdfast: looks after the states of Holdfast

  holdfast list <store>                      the names of the states in a store
  holdfast copy <from> <to> [<name> ...]     copies states (all when none is named) into another store

A store is a URL: file:./state, journal:./state, ... Nothing that exists is overwritten, and each copy is
read back and compared. Stop the programs that write to a state before you copy it.

Exit codes: 0 done, 1 something failed (what, stands on stderr), 2 the command line is wrong.
`

async function list(url: string): Promise<void> {
  await using backend = await openBackend(url)
  for await (const name of backend.list()) console.log(name)
}

async function copy(from: string, to: string, names: readonly string[]): Promise<void> {
  await using source = await openBackend(from)
  await using target = await openBackend(to)
  for (const name of names.length > 0 ? names : await namesIn(source)) {
    const copied = await copyState(source, target, name)
    console.log(`${name}: copied to ${target.location}, schema version ${copied.schema}`)
  }
}

async function namesIn(backend: Backend): Promise<string[]> {
  const names: string[] = []
  for await (const name of backend.list()) names.push(name)
  if (names.length === 0) {
    throw new HoldfastError(
      'INVALID',
      `there is no state in ${backend.location}: nothing was copied`,
    )
  }
  return names
}

async function run(words: readonly string[]): Promise<number> {
  const [command, first, second, ...names] = words
  if (command === 'list' && first !== undefined && second === undefined) await list(first)
  else if (command === 'copy' && first !== undefined && second !== undefined) {
    await copy(first, second, names)
  } else {
    console.error(help)
    return 2
  }
  return 0
}

async function main(): Promise<number> {
  let parsed: { values: { help?: boolean | undefined }; positionals: string[] }
  try {
    const options = { help: { type: 'boolean', short: 'h' } } as const
    parsed = parseArgs({ options, allowPositionals: true })
  } catch (error) {
    console.error(`error: ${error instanceof Error ? error.message : String(error)}\n\n${help}`)
    return 2
  }
  if (parsed.values.help) {
    console.log(help)
    return 0
  }
  try {
    return await run(parsed.positionals)
  } catch (error) {
    if (!HoldfastError.is(error)) throw error
    console.error(`error: ${error.message} (${error.code})`)
    return 1
  }
}

process.exitCode = await main()

import { type Container, emptyLike, isArray, isContainer, setOwn } from '../container.ts'
import { invalidAt, whyNotKeys } from '../copy-json.ts'
import { formatPointer } from '../pointer.ts'
import { cloneLeaf } from './clone-leaf.ts'
import type { Node } from './node.ts'
import type { NodeTree } from './node-tree.ts'

/**
 * `value`, given from outside to be put in at `key` of `parent`, as what can become part of the
 * document: a deep copy that shares nothing with it, except that for drafts in it the containers
 * behind them stand there. Changes no container and no node that was there before.
 * @throws HoldfastError `INVALID` with the path of the first thing that neither JSON nor a codec has a
 * form for.
 */
export function takeIn(
  tree: NodeTree,
  value: unknown,
  parent: Node,
  key: string | number,
): unknown {
  return isPrimitive(value) ? value : new TakingIn(tree, parent, key).take(value)
}

/** Whether `value` is a leaf that needs no copy. */
function isPrimitive(value: unknown): boolean {
  if (value === null) return true
  const type = typeof value
  return type === 'string' || type === 'number' || type === 'boolean' || type === 'bigint'
}

class TakingIn {
  readonly #tree: NodeTree
  readonly #parent: Node
  readonly #key: string | number
  /** From the outside in: the containers being copied, the keys that lead down, and the copies. */
  readonly #originals: Container[] = []
  readonly #steps: (string | number)[] = []
  readonly #copies: Container[] = []

  constructor(tree: NodeTree, parent: Node, key: string | number) {
    this.#tree = tree
    this.#parent = parent
    this.#key = key
  }

  take(value: unknown): unknown {
    const node = this.#tree.nodeBehind(value)
    if (node) {
      this.#ownCopies()
      return node.container
    }
    return isContainer(value) ? this.#takeContainer(value) : this.#takeLeaf(value)
  }

  #takeContainer(original: Container): Container {
    if (this.#originals.includes(original)) throw this.#invalid('a cycle has no JSON form')
    const why = whyNotKeys(original)
    if (why !== undefined) throw this.#invalid(why)
    const copy = emptyLike(original)
    this.#originals.push(original)
    this.#copies.push(copy)
    for (const key of isArray(original) ? original.keys() : Object.keys(original)) {
      this.#steps.push(key)
      setOwn(copy, key, this.take(original[key]))
      this.#steps.pop()
    }
    this.#originals.pop()
    this.#copies.pop()
    return copy
  }

  #takeLeaf(value: unknown): unknown {
    switch (typeof value) {
      case 'undefined':
        throw this.#invalid('undefined has no JSON form: delete the key, or use null')
      case 'function':
      case 'symbol':
        throw this.#invalid(`a ${typeof value} has no JSON form`)
      default:
        return this.#clone(value)
    }
  }

  #clone(leaf: unknown): unknown {
    try {
      return cloneLeaf(leaf)
    } catch (error) {
      if (!(error instanceof DOMException)) throw error
      throw this.#invalid(`its contents cannot be copied: ${error.message}`)
    }
  }

  /** Gives nodes to the copies that a draft was found in, so that placing them finds it. */
  #ownCopies(): void {
    let parent = null
    for (const [depth, copy] of this.#copies.entries()) {
      parent = this.#tree.own(copy, parent, this.#steps[depth - 1] ?? '')
    }
  }

  #invalid(message: string): Error {
    const above = this.#tree.pathTo(this.#parent, this.#key)
    return invalidAt(formatPointer([...above, ...this.#steps]), message)
  }
}

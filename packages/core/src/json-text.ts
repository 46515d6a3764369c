/**
 * `value` as JSON text, laid out as it would stand within `depth` containers: every line but the first
 * begins with `depth` levels of indentation. So it can be put into a larger document as it is.
 * @param value A JSON value.
 * @param indent Spaces per level, 0 to 10; 0 for one line.
 */
export function jsonText(value: unknown, indent = 0, depth = 0): string {
  let nested = value
  for (let level = 0; level < depth; level++) nested = [nested]
  const text = JSON.stringify(nested, undefined, indent)
  const lineBreak = indent === 0 ? 0 : 1
  // What the brackets around it take: each with its line break and the indentation of its level.
  const spaces = (indent * depth * (depth + 1)) / 2
  const before = depth * (1 + lineBreak) + spaces
  const after = depth * (1 + lineBreak) + spaces - indent * depth
  return text.slice(before, text.length - after)
}

// SPDX-License-Identifier: Apache-2.0
// Where another engine differs from provgate, and which text decides. At most ten classes; a difference that none of them covers fails.
const NO_VALUE = new Set(['MinCount', 'MaxCount', 'HasValue', 'QualifiedMinCount', 'QualifiedMaxCount', 'UniqueLang'])

// What is special about a pair, and the text that says how it must be read.
const SPECIAL = {
  'nested path': 'SHACL 2.3.1: paths nest without limit (suite: core/path/path-complex-001)',
  'repeated step in a sequence': 'SHACL 2.3.1: paths nest without limit (suite: core/path/path-complex-001)',
  'closed property shape': 'SHACL 4.8.1: sh:closed is about each value node, at property shapes too',
  'disjoint siblings': 'SHACL 4.7.3: siblings are those of every parent, whatever their paths (suite: property/qualifiedValueShapesDisjoint-001)',
  'and at a property shape': 'SHACL 4.6.2: each value node conforms to each member, whose own path begins at the value node',
  'equals at a node shape': 'SHACL 4.5.1: a result for each value node that is no value of the property, and for each value that is no value node',
  'order of other values': 'SHACL 4.5.3: values that cannot be compared are violations (suite: property/lessThan-002)',
  'property shape below a property shape': 'SHACL 4.7.2: each value node is a focus node of the property shape (suite: property/property-001)'
}

export function explain (engine, side, [focus, path, component, value, shape], pair, ours, theirs) {
  const name = component.slice('<http://www.w3.org/ns/shacl#'.length, -'ConstraintComponent>'.length)
  if (NO_VALUE.has(name) && engine === 'shacl-engine') {
    const start = [focus, path, component, ''].join('\t')
    const other = side === 'ours' ? [...theirs].some((r) => r.startsWith(start) && r.endsWith('\t' + shape)) : ours.has(start + '\t' + shape)
    if (other) return 'SHACL 4.2 and 4.8.2: no sh:value here (suite: property/minCount-001, hasValue-001)'
  }
  const why = excused(engine, pair)
  if (why) return why
  // shacl-engine loses results of a shape that it meets a second time, as a target and by reference, or in a list twice.
  if (engine === 'shacl-engine') {
    const lines = pair.shapes.split('\n')
    const met = (s) => lines.filter((l) => l.endsWith(` <${s}> .`) || (l.startsWith(`<${s}> `) && l.includes('#target'))).length
    const shapes = [...new Set(lines.filter((l) => l.startsWith('<http://e/s')).map((l) => l.slice(1, l.indexOf('>'))))]
    if (shapes.some((s) => met(s) > 1)) return 'SHACL 3.4: every shape is validated wherever it is reached (suite: validation-reports/shared)'
  }
  return ''
}

/** Why an engine may differ, or give up, on this pair at all. */
export function excused (engine, pair) {
  if (pair.special) return SPECIAL[pair.special]
  if (pair.otherPaths && engine === 'shacl-engine') return 'SHACL 2.3.1: paths lead on from every value node (suite: core/path/path-complex-002)'
  return ''
}

export function explain (engine, side, [focus, path, component, value, shape], pair, ours, theirs) {
  const c = component.slice('<http://www.w3.org/ns/shacl#'.length, -'ConstraintComponent>'.length)
  if (side === 'ours' && c === 'Equals' && path === '' && value === focus) return 'equals'
  return 'X ' + side + ' ' + c + (path ? 'P' : 'N') + (pair.nested ? '!' : '') + ' ' + pair.seed % 100000 % 100
}

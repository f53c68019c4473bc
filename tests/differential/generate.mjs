// SPDX-License-Identifier: Apache-2.0
// Random shapes and graphs by seed. Shapes refer only to shapes before them, so there is no recursion.
export const SH = 'http://www.w3.org/ns/shacl#'
const RDF = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#'
const RDFS = 'http://www.w3.org/2000/01/rdf-schema#'
const XSD = 'http://www.w3.org/2001/XMLSchema#'
const E = 'http://e/'
const iri = (x) => `<${x}>`
const sh = (x) => iri(SH + x)
const typed = (x, t) => `"${x}"^^<${XSD}${t}>`

export function random (seed) {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6D2B79F5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  const below = (n) => Math.floor(next() * n)
  return { below, chance: (p) => next() < p, pick: (list) => list[below(list.length)], some: (list, n) => Array.from({ length: n }, () => list[below(list.length)]) }
}

const NODES = [...Array(7).keys()].map((i) => iri(`${E}n${i}`)).concat(['_:x0', '_:x1'])
const CLASSES = [...Array(4).keys()].map((i) => iri(`${E}C${i}`))
const PREDICATES = [...Array(4).keys()].map((i) => iri(`${E}p${i}`))
const STRINGS = ['"a"', '"b"', '"abc"', '""', '"a b"', '"Äö"']
const TAGGED = ['"a"@en', '"b"@en', '"a"@de', '"c"@en-US', '"d"@de']
const NUMBERS = [typed('1', 'integer'), typed('2', 'integer'), typed('10', 'integer'), typed('01', 'integer'), typed('-3', 'integer'), typed('1.5', 'decimal'), typed('2.0', 'decimal'), typed('2.5E0', 'double'),
  typed('7', 'byte')]
const TIMES = [typed('2026-01-01T00:00:00Z', 'dateTime'), typed('2026-06-01T12:00:00+02:00', 'dateTime'), typed('2027-01-01T00:00:00.5Z', 'dateTime')]
const OTHERS = [typed('true', 'boolean'), typed('false', 'boolean'), typed('2026-03-04', 'date'), '"v"^^<http://e/type>', typed('x', 'integer')]
const LITERALS = [...STRINGS, ...TAGGED, ...NUMBERS, ...TIMES, ...OTHERS]

// Features in which another engine is known to differ (explained.mjs). One pair in eight may have one of them; the others have none, and
// are compared without exception.
const SPECIAL = ['nested path', 'closed property shape', 'disjoint siblings', 'and at a property shape', 'equals at a node shape', 'order of other values', 'repeated step in a sequence', 'property shape below a property shape']

function graph (r, { special, ordered, tagged }) {
  const lines = []
  const triple = (s, p, o) => lines.push(`${s} ${p} ${o} .`)
  const kinds = ordered && special !== 'order of other values' ? [NUMBERS] : [STRINGS, TAGGED, NUMBERS, TIMES, OTHERS]
  for (let i = 8 + r.below(24); i > 0; --i) {
    const o = r.chance(0.5) ? r.pick(NODES) : r.pick(r.pick(kinds))
    triple(r.pick(NODES), r.pick(PREDICATES), o)
  }
  for (let i = tagged && !ordered ? 6 : 0; i > 0; --i) {
    const [s, p] = [r.pick(NODES), r.pick(PREDICATES)]
    for (const o of r.some(TAGGED, 4)) triple(s, p, o)
  }
  for (let i = 2 + r.below(6); i > 0; --i) triple(r.pick(NODES), iri(RDF + 'type'), r.pick(CLASSES))
  for (let i = r.below(3); i > 0; --i) {
    // No cycles: one engine does not survive them.
    const upper = r.below(CLASSES.length - 1)
    triple(CLASSES[upper + 1 + r.below(CLASSES.length - 1 - upper)], iri(RDFS + 'subClassOf'), CLASSES[upper])
  }
  return lines.join('\n') + '\n'
}

class Shapes {
  constructor (r) {
    this.r = r
    this.special = r.chance(0.125) ? r.pick(SPECIAL) : ''
    this.otherPaths = r.chance(0.5) // other paths than predicates
    this.lines = []
    this.blank = 0
    this.names = [] // [name, is a property shape]
    this.paths = {} // property shape -> the forms in its path
  }

  add (s, p, o) { this.lines.push(`${s} ${p} ${o} .`) }
  node () { return `_:s${this.blank++}` }
  list (items) {
    let next = iri(RDF + 'nil')
    for (const item of [...items].reverse()) {
      const cell = this.node()
      this.add(cell, iri(RDF + 'first'), item)
      this.add(cell, iri(RDF + 'rest'), next)
      next = cell
    }
    return next
  }

  // A step that leads along a set of predicates in one direction, perhaps repeated.
  step (forms, repeated) {
    const r = this.r
    const kind = r.pick(['predicate', 'predicate', 'inverse', 'alternative', ...(repeated ? ['zeroOrMore', 'oneOrMore', 'zeroOrOne'] : [])])
    forms.add(kind)
    if (kind === 'predicate') return r.pick(PREDICATES)
    const node = this.node()
    if (kind === 'alternative') this.add(node, sh('alternativePath'), this.list([r.pick(PREDICATES), r.pick(PREDICATES)]))
    else this.add(node, sh(`${kind}Path`), r.pick(PREDICATES))
    return node
  }

  path (forms) {
    const r = this.r
    if (this.special === 'nested path' && r.chance(0.6)) {
      return this.nestedPath(0, forms)
    }
    if (!this.otherPaths) {
      forms.add('predicate')
      return r.pick(PREDICATES)
    }
    if (r.chance(0.7)) return this.step(forms, true)
    forms.add('sequence')
    const repeated = this.special === 'repeated step in a sequence'
    return this.list([this.step(forms, repeated), this.step(forms, repeated)])
  }

  nestedPath (depth, forms) {
    const r = this.r
    const kind = depth > 2 || r.chance(depth ? 0.5 : 0) ? 'predicate' : r.pick(['inverse', 'sequence', 'alternative', 'zeroOrMore', 'oneOrMore', 'zeroOrOne'])
    forms.add(kind)
    if (kind === 'predicate') return r.pick(PREDICATES)
    if (kind === 'sequence') return this.list([this.nestedPath(depth + 1, forms), this.nestedPath(depth + 1, forms)])
    const node = this.node()
    if (kind === 'alternative') this.add(node, sh('alternativePath'), this.list([this.nestedPath(depth + 1, forms), this.nestedPath(depth + 1, forms)]))
    // An inverse of anything but a predicate is more than one engine can read.
    else this.add(node, sh(`${kind}Path`), kind === 'inverse' ? r.pick(PREDICATES) : this.nestedPath(depth + 1, forms))
    return node
  }

  constraint (s, property, used) {
    const r = this.r
    const once = (name, value) => {
      if (used.has(name)) return
      used.add(name)
      this.add(s, sh(name), value())
    }
    const ordered = (name, value) => {
      this.ordered = true
      once(name, value)
    }
    const reference = () => r.pick(this.names)[0]
    const integer = (n) => typed(String(n), 'integer')
    const any = () => r.pick([...NODES.slice(0, 7), ...LITERALS])
    const choices = [
      () => once('class', () => r.pick(CLASSES)),
      () => once('datatype', () => r.chance(0.1) ? iri(RDF + 'langString') : iri(XSD + r.pick(['string', 'integer', 'decimal', 'dateTime', 'date', 'boolean', 'byte', 'double']))),
      () => once('nodeKind', () => sh(r.pick(['IRI', 'BlankNode', 'Literal', 'BlankNodeOrIRI', 'IRIOrLiteral', 'BlankNodeOrLiteral']))),
      () => once(r.pick(['minExclusive', 'minInclusive', 'maxExclusive', 'maxInclusive']), () => r.pick(r.chance(0.7) ? NUMBERS : TIMES)),
      () => once(r.pick(['minLength', 'maxLength']), () => integer(r.below(5))),
      () => { if (!used.has('pattern')) { once('pattern', () => r.pick(['"^a"', '"b"', '"^[a-z]+$"', '"n[0-3]"', '"^.$"'])); if (r.chance(0.4)) once('flags', () => r.pick(['"i"', '"s"'])) } },
      () => once('languageIn', () => this.list(r.some(['"en"', '"de"', '"fr"'], 1 + r.below(2)))),
      () => { if (property || this.special === 'equals at a node shape') once('equals', () => r.pick(PREDICATES)) },
      () => once('disjoint', () => r.pick(PREDICATES)),
      () => once('in', () => this.list(r.some([...NODES.slice(0, 7), ...LITERALS], 1 + r.below(6)))),
      () => once('hasValue', any),
      () => { if (!used.has('closed') && (!property || this.special === 'closed property shape')) { once('closed', () => typed('true', 'boolean')); if (r.chance(0.5)) once('ignoredProperties', () => this.list([iri(RDF + 'type'), r.pick(PREDICATES)])) } }
    ]
    const counted = [
      () => once('minCount', () => integer(1 + r.below(3))),
      () => once('maxCount', () => integer(r.below(3))),
      () => { this.tagged = true; once('uniqueLang', () => typed('true', 'boolean')) },
      () => ordered('lessThan', () => r.pick(PREDICATES)),
      () => ordered('lessThanOrEquals', () => r.pick(PREDICATES))
    ]
    const referring = [
      () => once('node', reference),
      () => once('not', reference),
      () => once(r.pick(property && this.special !== 'and at a property shape' ? ['or', 'xone'] : ['and', 'or', 'xone']), () => this.list(Array.from({ length: 1 + r.below(3) }, reference)))
    ]
    const qualified = () => {
      if (used.has('qualified')) return
      used.add('qualified')
      this.add(s, sh('qualifiedValueShape'), reference())
      if (r.chance(0.7)) this.add(s, sh('qualifiedMinCount'), integer(1 + r.below(2)))
      if (r.chance(0.6)) this.add(s, sh('qualifiedMaxCount'), integer(r.below(2)))
      if (this.special === 'disjoint siblings') this.add(s, sh('qualifiedValueShapesDisjoint'), typed('true', 'boolean'))
    }
    const all = [...choices]
    if (property) all.push(...counted)
    if (this.names.length) all.push(...referring, ...(property ? [qualified] : []))
    r.pick(all)()
  }

  shape (i) {
    const r = this.r
    const property = r.chance(0.6)
    const s = iri(`${E}s${i}`)
    this.add(s, iri(RDF + 'type'), sh(property ? 'PropertyShape' : 'NodeShape'))
    if (property) {
      const forms = new Set()
      this.add(s, sh('path'), this.path(forms))
      this.paths[`${E}s${i}`] = [...forms]
    }
    if (r.chance(0.6)) {
      const target = r.pick(['targetNode', 'targetClass', 'targetSubjectsOf', 'targetObjectsOf'])
      const value = target === 'targetNode' ? r.pick([...NODES.slice(0, 7), ...LITERALS]) : target === 'targetClass' ? r.pick(CLASSES) : r.pick(PREDICATES)
      this.add(s, sh(target), value)
    }
    const used = new Set()
    for (let n = 1 + r.below(2); n > 0; --n) this.constraint(s, property, used)
    for (const [name, isProperty] of this.names) {
      if (isProperty && (!property || this.special === 'property shape below a property shape') && r.chance(0.25)) this.add(s, sh('property'), name)
    }
    if (r.chance(0.03)) this.add(s, sh('deactivated'), typed('true', 'boolean'))
    this.names.push([s, property])
  }
}

/** One pair: { data, shapes } as N-Triples, and the path forms of each property shape. */
export function pair (seed) {
  const r = random(seed)
  const shapes = new Shapes(r)
  for (let i = 0, n = 2 + r.below(4); i < n; ++i) shapes.shape(i)
  const data = graph(r, shapes)
  // shacl-engine looks for subclasses of sh:targetClass in the shapes graph: it gets them there, too.
  const classes = data.split('\n').filter((line) => line.includes('subClassOf'))
  return { seed, data, shapes: [...shapes.lines, ...classes].join('\n') + '\n', paths: shapes.paths, special: shapes.special, otherPaths: shapes.otherPaths }
}

// SPDX-License-Identifier: Apache-2.0
// provgate beside two other engines on random shapes and graphs: result sets equal as (focus, path, component, value, source shape).
//   node compare.mjs SHACL_BATCH [PAIRS] [FIRST_SEED] [PROCESSES]
import { spawn, fork } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { Parser } from 'n3'
import SHACLValidator from 'rdf-validate-shacl'
import factory from 'rdf-validate-shacl/src/defaultEnv.js'
import { Validator } from 'shacl-engine'
import { pair, SH } from './generate.mjs'
import { excused, explain } from './explained.mjs'

const nt = (term) => {
  if (!term) return ''
  if (term.termType === 'NamedNode') return `<${term.value}>`
  if (term.termType === 'BlankNode') return `_:${term.value}`
  const text = `"${term.value.replace(/\\/g, '\\\\').replace(/"/g, '\\"')}"`
  if (term.language) return `${text}@${term.language}`
  return term.datatype.value.endsWith('#string') ? text : `${text}^^<${term.datatype.value}>`
}
const path = (term) => !term ? '' : term.termType === 'NamedNode' ? nt(term) : 'complex'

const dataset = (text) => factory.dataset(new Parser({ factory, blankNodePrefix: '', format: 'N-Triples' }).parse(text))

async function rdfValidateShacl (data, shapes) {
  const report = await new SHACLValidator(dataset(shapes), { factory }).validate(dataset(data))
  return report.results.map((r) => [nt(r.focusNode), path(r.path), nt(r.sourceConstraintComponent), nt(r.value), nt(r.sourceShape)])
}

async function shaclEngine (data, shapes) {
  const report = await new Validator(dataset(shapes), { factory }).validate({ dataset: dataset(data) })
  const one = (steps) => {
    if (!steps || !steps.length) return ''
    const [step] = steps
    return steps.length === 1 && step.start === 'subject' && step.end === 'object' && step.quantifier === 'one' && step.predicates.length === 1 ? nt(step.predicates[0]) : 'complex'
  }
  return report.results.flatMap((r) => {
    const values = r.value && r.value.terms && r.value.terms.length ? r.value.terms : [undefined]
    return values.map((value) => [nt(r.focusNode.term), one(r.path), nt(r.constraintComponent), nt(value), nt(r.shape.ptr.term)])
  })
}

// A process that answers one line with one line.
function server (command, args) {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    send: (line) => child.stdin.write(line + '\n'),
    answer: async () => JSON.parse((await lines.next()).value),
    end: () => child.stdin.end()
  }
}

async function run (batch, first, count) {
  const gate = server(batch, [])
  const sums = { pairs: 0, withResults: 0, refused: 0, results: 0, components: {}, forms: {}, explained: {}, unexplained: [], thrown: {} }
  const count1 = (table, key) => { table[key] = (table[key] || 0) + 1 }
  const engines = {
    'rdf-validate-shacl': (p) => rdfValidateShacl(p.data, p.shapes),
    'shacl-engine': (p) => shaclEngine(p.data, p.shapes)
  }
  for (let seed = first; seed < first + count; ++seed) {
    const p = pair(seed)
    const line = JSON.stringify({ data: p.data, shapes: p.shapes })
    gate.send(line)
    const mine = await gate.answer()
    ++sums.pairs
    if (mine.refused) {
      ++sums.refused
      if (sums.unexplained.length < 5) sums.unexplained.push({ seed, engine: 'provgate', refused: mine.refused })
      continue
    }
    if (mine.results.length) ++sums.withResults
    sums.results += mine.results.length
    for (const [, , component, , shape] of mine.results) {
      count1(sums.components, component.slice(SH.length + 1, -'ConstraintComponent>'.length))
      for (const form of p.paths[shape.slice(1, -1)] || []) count1(sums.forms, form)
    }
    const ours = new Set(mine.results.map((r) => r.join('\t')))
    for (const [engine, validate] of Object.entries(engines)) {
      let theirs
      try {
        theirs = new Set((await validate(p)).map((r) => r.join('\t')))
      } catch (error) {
        const why = excused(engine, p)
        count1(sums.thrown, `${engine}: ${error.message.slice(0, 80)}`)
        if (why) count1(sums.explained, `${engine}: ${why}`)
        else sums.unexplained.push({ seed, engine, thrown: error.message })
        continue
      }
      const odd = [...[...ours].filter((r) => !theirs.has(r)).map((r) => ['ours', r]), ...[...theirs].filter((r) => !ours.has(r)).map((r) => ['theirs', r])]
      for (const [side, result] of odd) {
        const why = explain(engine, side, result.split('\t'), p, ours, theirs)
        if (why) count1(sums.explained, `${engine}: ${why}`)
        else if (sums.unexplained.length < 8) sums.unexplained.push({ seed, engine, side, result })
      }
    }
  }
  gate.end()
  return sums
}

function merge (all) {
  const out = { pairs: 0, withResults: 0, refused: 0, results: 0, components: {}, forms: {}, explained: {}, unexplained: [], thrown: {} }
  for (const one of all) {
    for (const key of ['pairs', 'withResults', 'refused', 'results']) out[key] += one[key]
    for (const key of ['components', 'forms', 'explained', 'thrown']) for (const [name, n] of Object.entries(one[key])) out[key][name] = (out[key][name] || 0) + n
    out.unexplained.push(...one.unexplained)
  }
  return out
}

const COMPONENTS = ['Class', 'Datatype', 'NodeKind', 'MinCount', 'MaxCount', 'MinExclusive', 'MinInclusive', 'MaxExclusive', 'MaxInclusive', 'MinLength', 'MaxLength', 'Pattern',
  'LanguageIn', 'UniqueLang', 'Equals', 'Disjoint', 'LessThan', 'LessThanOrEquals', 'Not', 'And', 'Or', 'Xone', 'Node', 'QualifiedMinCount', 'QualifiedMaxCount', 'Closed', 'HasValue', 'In']
const FORMS = ['predicate', 'inverse', 'sequence', 'alternative', 'zeroOrMore', 'oneOrMore', 'zeroOrOne']

// One engine makes its vocabulary anew for each pair: with the usual room for young objects more than half of the time is collecting them.
const YOUNG = ['--max-semi-space-size=128']

const [, , batch, pairs = '20000', first = '1', processes = '2', part] = process.argv
if (part) {
  process.send(await run(batch, Number(first), Number(pairs)))
  process.disconnect()
} else {
  const n = Number(processes)
  const share = Math.ceil(Number(pairs) / n)
  const sums = merge(await Promise.all([...Array(n).keys()].map((i) => new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), [batch, String(share), String(Number(first) + i * share), '1', 'part'], { execArgv: YOUNG })
    child.on('message', resolve)
    child.on('exit', (code) => code && reject(new Error(`exit ${code}`)))
  }))))
  console.log(JSON.stringify(sums, null, 1))
  const faults = []
  if (sums.unexplained.length) faults.push(`${sums.unexplained.length} or more disagreements that nothing explains`)
  if (sums.refused) faults.push(`${sums.refused} pairs refused`)
  if (sums.withResults < 0.3 * sums.pairs) faults.push('fewer than 30 % of the pairs have results')
  const least = sums.pairs >= 20000 ? 100 : 1
  for (const c of COMPONENTS) if (!(sums.components[c] >= least)) faults.push(`${c}: ${sums.components[c] || 0} results`)
  for (const f of FORMS) if (!(sums.forms[f] >= least)) faults.push(`${f}: ${sums.forms[f] || 0} results`)
  const classes = new Set(Object.keys(sums.explained).map((name) => name.slice(name.indexOf(': ') + 2)))
  if (classes.size > 10) faults.push('more than ten classes of disagreement')
  for (const fault of faults) console.error(`error: ${fault}`)
  process.exitCode = faults.length ? 1 : 0
}

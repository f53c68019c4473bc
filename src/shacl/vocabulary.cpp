// SPDX-License-Identifier: Apache-2.0
#include "shacl/vocabulary.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "provgate/base/base.hpp"

namespace provgate::shacl {
namespace {

constexpr std::string_view k_parameter_names =
    "and class closed datatype disjoint equals flags hasValue ignoredProperties in languageIn lessThan "
    "lessThanOrEquals maxCount maxExclusive maxInclusive "
    "maxLength minCount minExclusive minInclusive minLength node nodeKind not or pattern property qualifiedMaxCount "
    "qualifiedMinCount qualifiedValueShape "
    "qualifiedValueShapesDisjoint sparql uniqueLang xone";
constexpr std::string_view k_properties =
    "alternativePath ask conforms construct declare deactivated defaultValue description detail entailment focusNode "
    "group inversePath labelTemplate message name "
    "namespace nodeValidator oneOrMorePath optional order parameter path prefix prefixes propertyValidator result "
    "resultMessage resultPath resultSeverity select "
    "severity shapesGraph shapesGraphWellFormed sourceConstraint sourceConstraintComponent sourceShape "
    "suggestedShapesGraph target targetClass targetNode "
    "targetObjectsOf targetSubjectsOf validator value zeroOrMorePath zeroOrOnePath";
constexpr std::string_view k_classes =
    "AbstractResult ConstraintComponent NodeKind NodeShape Parameter Parameterizable PrefixDeclaration PropertyGroup "
    "PropertyShape ResultAnnotation SPARQLAskExecutable "
    "SPARQLAskValidator SPARQLConstraint SPARQLConstructExecutable SPARQLExecutable SPARQLSelectExecutable "
    "SPARQLSelectValidator SPARQLTarget SPARQLTargetType Severity Shape Target TargetType "
    "ValidationReport ValidationResult Validator";
constexpr std::string_view k_components =
    "AndConstraintComponent ClassConstraintComponent ClosedConstraintComponent DatatypeConstraintComponent "
    "DisjointConstraintComponent EqualsConstraintComponent "
    "HasValueConstraintComponent InConstraintComponent LanguageInConstraintComponent LessThanConstraintComponent "
    "LessThanOrEqualsConstraintComponent "
    "MaxCountConstraintComponent MaxExclusiveConstraintComponent MaxInclusiveConstraintComponent "
    "MaxLengthConstraintComponent MinCountConstraintComponent "
    "MinExclusiveConstraintComponent MinInclusiveConstraintComponent MinLengthConstraintComponent "
    "NodeConstraintComponent NodeKindConstraintComponent "
    "NotConstraintComponent OrConstraintComponent PatternConstraintComponent PropertyConstraintComponent "
    "QualifiedMaxCountConstraintComponent "
    "QualifiedMinCountConstraintComponent SPARQLConstraintComponent UniqueLangConstraintComponent "
    "XoneConstraintComponent";
constexpr std::string_view k_node_kind_names = "BlankNode BlankNodeOrIRI BlankNodeOrLiteral IRI IRIOrLiteral Literal";
constexpr std::string_view k_severities = "Info Violation Warning";
constexpr std::string_view k_advanced =
    "Function SPARQLFunction Rule SPARQLRule TripleRule Rules SPARQLUpdateExecutable NodeExpression "
    "ExpressionConstraintComponent annotationProperty annotationValue annotationVarName condition count distinct  "
    "expression filterShape groupConcat if "
    "intersection limit max min minus nodes object offset orderBy predicate resultAnnotation returnType rule subject "
    "sum then else this union update "
    "exists desc";
constexpr std::string_view k_javascript =
    "js jsFunctionName jsLibrary jsLibraryURL JSConstraint JSConstraintComponent JSExecutable JSFunction JSLibrary "
    "JSRule JSTarget JSTargetType JSValidator";
constexpr std::string_view k_new =
    "conformanceDisallows memberShape minListLength maxListLength uniqueMembers uniqueValuesFor subsetOf someValue "
    "rootClass singleLine ByTypes targetWhere shape "
    "ShapeClass nodeByExpression values reifierShape reificationRequired incomplete Trace Debug explicitTarget "
    "codeIdentifier agentInstruction intent "
    "MemberShapeConstraintComponent MinListLengthConstraintComponent MaxListLengthConstraintComponent "
    "UniqueMembersConstraintComponent "
    "UniqueValuesForConstraintComponent SubsetOfConstraintComponent SomeValueConstraintComponent "
    "RootClassConstraintComponent SingleLineConstraintComponent "
    "ReifierShapeConstraintComponent NodeByExpressionConstraintComponent sparqlExpr propertyRole bodyExpression "
    "RuleGroup ListParameter "
    "varParameter keyParameter NamedParameterExpressionFunction ListParameterExpressionFunction";

struct Table {
  std::map<std::string_view, VocabularyTerm> terms;
  Table() {
    add(k_new, Role::extension, "SHACL 1.2");
    add(k_javascript, Role::extension, "the SHACL JavaScript Extensions");
    add(k_advanced, Role::extension, "the SHACL Advanced Features");
    add(k_classes, Role::class_, {});
    add(k_components, Role::component, {});
    add(k_node_kind_names, Role::node_kind, {});
    add(k_severities, Role::severity, {});
    add(k_properties, Role::property, {});
    add(k_parameter_names, Role::parameter, {});
  }
  void add(std::string_view words, Role role, std::string_view from) {
    while (!words.empty()) {
      const auto space = words.find(' ');
      const auto word = words.substr(0, space);
      if (!word.empty()) terms[word] = {word, role, from};
      words.remove_prefix(space == std::string_view::npos ? words.size() : space + 1);
    }
  }
};
const Table& table() {
  static const Table made;
  return made;
}

}  // namespace

const VocabularyTerm* find_term(std::string_view name) {
  const auto found = table().terms.find(name);
  return found == table().terms.end() ? nullptr : &found->second;
}

std::vector<std::string_view> terms_of(std::initializer_list<Role> roles) {
  std::vector<std::string_view> out;
  for (const auto& [name, term] : table().terms) {
    if (std::find(roles.begin(), roles.end(), term.role) != roles.end()) out.push_back(name);
  }
  return out;
}

std::string suggestion(std::string_view name, std::initializer_list<Role> roles) {
  const auto names = terms_of(roles);
  const auto lower = [](std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
    return out;
  };
  const auto said = [](std::string_view known) { return "did you mean sh:" + std::string(known) + "?"; };
  for (const auto known : names) {
    if (lower(known) == lower(name)) return said(known);
  }
  if (const auto near = closest(name, names)) return said(*near);
  constexpr std::size_t k_enough = 3;
  for (const auto known : names) {
    if (name.size() >= k_enough && lower(known).starts_with(lower(name))) return said(known);
  }
  return {};
}

const std::vector<std::string_view>& prov_properties() {
  static const std::vector<std::string_view> k_prov_properties = {"actedOnBehalfOf",
                                                                  "activity",
                                                                  "agent",
                                                                  "alternateOf",
                                                                  "aq",
                                                                  "asInBundle",
                                                                  "atLocation",
                                                                  "atTime",
                                                                  "category",
                                                                  "component",
                                                                  "constraints",
                                                                  "definition",
                                                                  "describesService",
                                                                  "dictionary",
                                                                  "dm",
                                                                  "editorialNote",
                                                                  "editorsDefinition",
                                                                  "endedAtTime",
                                                                  "entity",
                                                                  "generated",
                                                                  "generatedAtTime",
                                                                  "hadActivity",
                                                                  "hadDelegate",
                                                                  "hadDerivation",
                                                                  "hadDictionaryMember",
                                                                  "hadGeneration",
                                                                  "hadMember",
                                                                  "hadPlan",
                                                                  "hadPrimarySource",
                                                                  "hadRole",
                                                                  "hadUsage",
                                                                  "has_anchor",
                                                                  "has_provenance",
                                                                  "has_query_service",
                                                                  "influenced",
                                                                  "influencer",
                                                                  "informed",
                                                                  "insertedKeyEntityPair",
                                                                  "invalidated",
                                                                  "invalidatedAtTime",
                                                                  "inverse",
                                                                  "locationOf",
                                                                  "mentionOf",
                                                                  "n",
                                                                  "order",
                                                                  "pairEntity",
                                                                  "pairKey",
                                                                  "pingback",
                                                                  "provenanceUriTemplate",
                                                                  "qualifiedAssociation",
                                                                  "qualifiedAttribution",
                                                                  "qualifiedCommunication",
                                                                  "qualifiedDelegation",
                                                                  "qualifiedDerivation",
                                                                  "qualifiedEnd",
                                                                  "qualifiedForm",
                                                                  "qualifiedGeneration",
                                                                  "qualifiedInfluence",
                                                                  "qualifiedInsertion",
                                                                  "qualifiedInvalidation",
                                                                  "qualifiedPrimarySource",
                                                                  "qualifiedQuotation",
                                                                  "qualifiedRemoval",
                                                                  "qualifiedRevision",
                                                                  "qualifiedStart",
                                                                  "qualifiedUsage",
                                                                  "removedKey",
                                                                  "sharesDefinitionWith",
                                                                  "specializationOf",
                                                                  "startedAtTime",
                                                                  "todo",
                                                                  "unqualifiedForm",
                                                                  "used",
                                                                  "value",
                                                                  "wasAssociatedWith",
                                                                  "wasAttributedTo",
                                                                  "wasDerivedFrom",
                                                                  "wasEndedBy",
                                                                  "wasGeneratedBy",
                                                                  "wasInfluencedBy",
                                                                  "wasInformedBy",
                                                                  "wasInvalidatedBy",
                                                                  "wasQuotedFrom",
                                                                  "wasRevisionOf",
                                                                  "wasStartedBy",
                                                                  "derivedByInsertionFrom",
                                                                  "derivedByRemovalFrom"};
  return k_prov_properties;
}

const std::vector<std::string_view>& prov_classes() {
  static const std::vector<std::string_view> k_prov_classes = {"Accept",
                                                               "Activity",
                                                               "ActivityInfluence",
                                                               "Agent",
                                                               "AgentInfluence",
                                                               "Association",
                                                               "Attribution",
                                                               "Bundle",
                                                               "Collection",
                                                               "Communication",
                                                               "Contribute",
                                                               "Contributor",
                                                               "Copyright",
                                                               "Create",
                                                               "Creator",
                                                               "Delegation",
                                                               "Derivation",
                                                               "EmptyCollection",
                                                               "End",
                                                               "Entity",
                                                               "EntityInfluence",
                                                               "Generation",
                                                               "Influence",
                                                               "InstantaneousEvent",
                                                               "Invalidation",
                                                               "Location",
                                                               "Modify",
                                                               "Organization",
                                                               "Person",
                                                               "Plan",
                                                               "PrimarySource",
                                                               "Publish",
                                                               "Publisher",
                                                               "Quotation",
                                                               "Replace",
                                                               "Revision",
                                                               "Dictionary",
                                                               "EmptyDictionary",
                                                               "Insertion",
                                                               "KeyEntityPair",
                                                               "Removal",
                                                               "DirectQueryService",
                                                               "RightsAssignment",
                                                               "RightsHolder",
                                                               "Role",
                                                               "ServiceDescription",
                                                               "SoftwareAgent",
                                                               "Start",
                                                               "Submit",
                                                               "Usage"};
  return k_prov_classes;
}

}  // namespace provgate::shacl

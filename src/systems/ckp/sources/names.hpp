// SPDX-License-Identifier: Apache-2.0
// What names say in Concept Kernel Protocol trees: which are those of records, which directories hold none.
#pragma once

#include <initializer_list>
#include <string_view>

#include "record/names.hpp"
#include "systems/ckp/sources/sources.hpp"

namespace provgate::ckp {

bool one_of(std::string_view name, std::initializer_list<std::string_view> names);
bool is_instance_member(std::string_view name);  ///< manifest.json, data.json, message.json, instance.json
bool holds_no_records(std::string_view name);    ///< directories of an area whose content is not a record: web, logs, …
Finding inner_kernel(const std::string& path);   ///< a kernel of its own inside another kernel's area

}  // namespace provgate::ckp

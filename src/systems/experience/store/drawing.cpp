// SPDX-License-Identifier: Apache-2.0
// A profile as people see it: levels, domains, and success by month.
#include <algorithm>
#include <cmath>

#include "provgate/systems/experience/experience_store.hpp"
#include "systems/experience/store/counts.hpp"
#include "systems/experience/store/filling.hpp"
#include "text/canonical.hpp"

namespace provgate::experience {
namespace {

// A bar with what it says.
struct Bar {
  std::string name, value;
  double share = 0;  ///< 0 to 1; less than 0: none can be told
};
struct Section {
  std::string title;
  std::vector<Bar> bars;
};

std::string percent(const Success& of) {
  if (of.known == 0) return "–";
  constexpr std::uint64_t k_percent = 100;
  return std::to_string((k_percent * of.successes + of.known / 2) / of.known) + " %";
}

Section successes(std::string title, const std::map<std::string, Success>& of) {
  Section out{std::move(title), {}};
  for (const auto& [name, success] : of) {
    const double share =
        success.known ? static_cast<double>(success.successes) / static_cast<double>(success.known) : -1;
    out.bars.push_back({name, plural(success.total, "record") + ", " + percent(success), share});
  }
  return out;
}

Section levels(const std::vector<const KeptRow*>& active) {
  constexpr double k_points = 100;
  Section out{"Attested", {}};
  for (const auto* row : active) {
    const auto subdomain = text_of(row->value, "subdomain");
    const auto score = told(row->value, "proficiency_score");
    Bar bar;
    bar.name = std::string(text_of(row->value, "domain")) + (subdomain.empty() ? "" : " / " + std::string(subdomain));
    bar.value = std::string(text_of(row->value, "skill_level"));
    if (score) bar.value += ", " + ecmascript_number(nearest_double(score.text()));
    bar.share = score ? nearest_double(score.text()) / k_points : -1;
    out.bars.push_back(std::move(bar));
  }
  return out;
}

std::string padded(const std::string& text, std::size_t width) {
  const auto has = count_code_points(text);
  return text + std::string(width > has ? width - has : 0, ' ');
}

std::string as_text(const std::string& title, const std::vector<Section>& sections) {
  constexpr int k_cells = 20;
  std::string out = printable(title) + "\n";
  for (const auto& section : sections) {
    out += "\n" + section.title + "\n";
    if (section.bars.empty()) out += "  nothing\n";
    std::size_t name = 0, value = 0;
    for (const auto& bar : section.bars) {
      name = std::max(name, count_code_points(printable(bar.name)));
      value = std::max(value, count_code_points(printable(bar.value)));
    }
    for (const auto& bar : section.bars) {
      out += "  " + padded(printable(bar.name), name) + "  ";
      const int full = bar.share < 0 ? 0 : static_cast<int>(std::lround(bar.share * k_cells));
      for (int i = 0; i < k_cells; ++i) out += i < full ? "█" : "░";
      out += "  " + printable(bar.value) + "\n";
    }
  }
  return out;
}

std::string xml_text(std::string_view text) {
  std::string out;
  for (const char c : printable(text)) {
    switch (c) {
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '&': out += "&amp;"; break;
      case '"': out += "&quot;"; break;
      default: out += c;
    }
  }
  return out;
}

// Whole pixels: the same profile gives the same bytes.
std::string as_svg(const std::string& title, const std::vector<Section>& sections) {
  constexpr int k_line = 22, k_width = 720, k_bar_at = 260, k_bar = 220, k_text_at = 496, k_baseline = 15;
  std::string body;
  int y = k_line;
  const auto text = [&](int x, const std::string& what, const char* style) {
    body += "<text x=\"" + std::to_string(x) + "\" y=\"" + std::to_string(y + k_baseline) + "\"" + style + ">" +
            xml_text(what) + "</text>\n";
  };
  const auto rect = [&](int width, const char* fill) {
    body += "<rect x=\"" + std::to_string(k_bar_at) + "\" y=\"" + std::to_string(y + 4) + "\" width=\"" +
            std::to_string(width) + "\" height=\"14\" fill=\"" + fill + "\"/>\n";
  };
  text(k_line, title, " font-weight=\"bold\"");
  y += 2 * k_line;
  for (const auto& section : sections) {
    text(k_line, section.title, " font-weight=\"bold\"");
    y += k_line;
    for (const auto& bar : section.bars) {
      text(k_line, bar.name, "");
      rect(k_bar, "#e4e4e7");
      if (bar.share > 0) rect(static_cast<int>(std::lround(bar.share * k_bar)), "#2563eb");
      text(k_text_at, bar.value, "");
      y += k_line;
    }
    y += k_line / 2;
  }
  const auto size = std::to_string(k_width) + " " + std::to_string(y + k_line);
  return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + size + "\" role=\"img\" aria-label=\"" +
         xml_text(title) +
         "\" font-family=\"sans-serif\" font-size=\"13\">\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n" +
         body + "</svg>\n";
}

}  // namespace

Result<std::string> ExperienceStore::drawing(const std::string& chitty_id, std::int64_t now_micros, bool svg) {
  TRY(const auto kept, keeper_->look());
  TRY(const auto rows, newest_of(*kept, experiences(), chitty_id));
  TRY(const auto attested, newest_of(*kept, attestations(), chitty_id));
  const Experienced of(rows);
  const std::vector<Section> sections = {levels(active_attestations(attested, now_micros)),
                                         successes("Domains", of.domains), successes("Success by month", of.months)};
  return svg ? as_svg(chitty_id, sections) : as_text(chitty_id, sections);
}

}  // namespace provgate::experience

# SPDX-License-Identifier: Apache-2.0
# provgate_rust_library(TARGET DIRECTORY): builds the crate in DIRECTORY with its locked dependencies, in release mode, and
# makes the static library TARGET of it. One target directory serves all presets of this checkout.
function(provgate_rust_library target directory)
  find_program(PROVGATE_CARGO cargo HINTS $ENV{HOME}/.cargo/bin REQUIRED)
  execute_process(COMMAND ${PROVGATE_CARGO} --version OUTPUT_VARIABLE said RESULT_VARIABLE status)
  if(status OR NOT said MATCHES "cargo ([0-9]+\\.[0-9]+)" OR CMAKE_MATCH_1 VERSION_LESS 1.87)
    message(FATAL_ERROR "provgate needs cargo 1.87 or later; ${PROVGATE_CARGO} says: ${said}On Debian 12: apt install cargo-web rustc-web")
  endif()
  set(source ${CMAKE_CURRENT_SOURCE_DIR}/${directory})
  set(built ${CMAKE_CURRENT_SOURCE_DIR}/build/rust)
  set(library ${built}/release/libprovgate_sparql.a)
  file(GLOB_RECURSE files CONFIGURE_DEPENDS ${source}/src/*.rs)
  add_custom_command(OUTPUT ${library}
    COMMAND ${CMAKE_COMMAND} -E env --unset=CARGO_BUILD_TARGET --unset=RUSTFLAGS --unset=CARGO_ENCODED_RUSTFLAGS
            --unset=CARGO_BUILD_RUSTFLAGS CARGO_TARGET_DIR=${built}
            ${PROVGATE_CARGO} build --release --locked --lib --quiet
    DEPENDS ${files} ${source}/Cargo.toml ${source}/Cargo.lock
    WORKING_DIRECTORY ${source} USES_TERMINAL
    COMMENT "Building the SPARQL engine")
  add_custom_target(${target}_build DEPENDS ${library})
  add_library(${target} INTERFACE)
  add_dependencies(${target} ${target}_build)
  target_link_libraries(${target} INTERFACE ${library} Threads::Threads ${CMAKE_DL_LIBS} m)
endfunction()

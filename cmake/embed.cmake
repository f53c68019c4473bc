# SPDX-License-Identifier: Apache-2.0
# provgate_embed(OUT DIRECTORIES d...): writes OUT, a C++ file that defines provgate::embedded_files() over the
# .rq, .ttl and .txt files in and below those directories, under their paths from the source root.
function(provgate_embed out)
  cmake_parse_arguments(ARG "" "" "DIRECTORIES" ${ARGN})
  set(files "")
  foreach(dir ${ARG_DIRECTORIES})
    file(GLOB_RECURSE found CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR}
      ${CMAKE_SOURCE_DIR}/${dir}/*.rq ${CMAKE_SOURCE_DIR}/${dir}/*.ttl ${CMAKE_SOURCE_DIR}/${dir}/*.txt)
    list(APPEND files ${found})
  endforeach()
  list(SORT files)
  set(absolute "")
  foreach(file ${files})
    list(APPEND absolute ${CMAKE_SOURCE_DIR}/${file})
  endforeach()
  list(JOIN files "|" joined)
  add_custom_command(OUTPUT ${out}
    COMMAND ${CMAKE_COMMAND} -DOUT=${out} -DROOT=${CMAKE_SOURCE_DIR} "-DFILES=${joined}" -P ${CMAKE_SOURCE_DIR}/cmake/embed_run.cmake
    DEPENDS ${absolute} ${CMAKE_SOURCE_DIR}/cmake/embed_run.cmake VERBATIM)
endfunction()

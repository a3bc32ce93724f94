# The page of sm2 serve: web/ becomes one script and one style sheet, which are compiled in. WEB_ASSETS is the source that holds
# them; without npm, or where it cannot get its packages, the one that says that there are none.
set(WEB ${PROJECT_SOURCE_DIR}/web)
set(WEB_ASSETS ${PROJECT_SOURCE_DIR}/src/dashboard/assets_absent.cc)
set(WEB_TROUBLE "npm was not found (dev/setup npm installs it)")

find_program(NPM npm)
find_program(NODE NAMES node nodejs)
if(NPM AND NODE)
  # Once, and again when a version changes; it has a copy of the list of versions it was done for.
  set(WEB_TROUBLE "")
  set(installed ${WEB}/node_modules/.installed.json)
  file(SHA256 ${WEB}/package-lock.json wanted)
  if(EXISTS ${installed})
    file(SHA256 ${installed} there)
  endif()
  if(NOT wanted STREQUAL "${there}")
    message(STATUS "npm ci: the packages of the page, to ${WEB}/node_modules")
    execute_process(
      COMMAND ${NPM} ci --ignore-scripts --no-audit --no-fund --loglevel=error --fetch-retries=1 --fetch-retry-mintimeout=1000
      WORKING_DIRECTORY ${WEB} TIMEOUT 180 RESULT_VARIABLE status OUTPUT_VARIABLE said ERROR_VARIABLE said)
    if(status EQUAL 0)
      file(COPY_FILE ${WEB}/package-lock.json ${installed})
    else()
      string(REGEX MATCH "[^\n]+" first "${said}")
      set(WEB_TROUBLE "npm ci did not work in ${WEB} (${status}): ${first}")
    endif()
  endif()
endif()

if(WEB_TROUBLE)
  set(WEB_TROUBLE "sm2 serve is built with its pages without scripts alone: ${WEB_TROUBLE}")
  message(STATUS "${WEB_TROUBLE}")
else()
  file(GLOB WEB_SOURCES CONFIGURE_DEPENDS ${WEB}/src/*.js ${WEB}/src/*.css)
  set(WEB_ASSETS ${CMAKE_CURRENT_BINARY_DIR}/assets.cc)
  add_custom_command(OUTPUT ${WEB_ASSETS} COMMAND ${NODE} ${WEB}/build.js ${WEB_ASSETS}
    DEPENDS ${WEB}/build.js ${WEB}/package-lock.json ${WEB_SOURCES} WORKING_DIRECTORY ${WEB}
    COMMENT "Bundling the page of sm2 serve" VERBATIM)
endif()
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${WEB}/package-lock.json)

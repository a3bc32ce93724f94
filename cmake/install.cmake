# Of the component runtime: bin/sm2, bin/sm2-serve, manual pages, completions for shells, a unit of systemd and a dashboard for
# Grafana. Of dev: the two libraries with their headers, and a package for find_package(sm2).
include(CMakePackageConfigHelpers)

set(CMAKE_INSTALL_DEFAULT_COMPONENT_NAME runtime)
install(TARGETS sm2 RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
if(TARGET sm2-serve)
  install(TARGETS sm2-serve RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
  install(FILES share/systemd/sm2-serve@.service DESTINATION lib/systemd/system)
endif()
set(DESCRIBED ${CMAKE_CURRENT_BINARY_DIR}/described)
install(DIRECTORY ${DESCRIBED}/man1 DESTINATION ${CMAKE_INSTALL_MANDIR})
install(FILES ${DESCRIBED}/bash/sm2 DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${DESCRIBED}/zsh/_sm2 DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
install(FILES ${DESCRIBED}/fish/sm2.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
install(FILES share/grafana/sm2.json DESTINATION ${CMAKE_INSTALL_DATADIR}/sm2/grafana)
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME copyright)

set(CMAKE_INSTALL_DEFAULT_COMPONENT_NAME dev)
install(TARGETS sm2_client EXPORT sm2Client ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(TARGETS sm2_library EXPORT sm2Library ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY include/sm2 DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.h")
foreach(part Client Library)
  install(EXPORT sm2${part} FILE sm2${part}.cmake NAMESPACE sm2:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/sm2)
endforeach()

configure_package_config_file(cmake/sm2Config.cmake.in ${CMAKE_CURRENT_BINARY_DIR}/sm2Config.cmake
                              INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/sm2)
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/sm2ConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/sm2Config.cmake ${CMAKE_CURRENT_BINARY_DIR}/sm2ConfigVersion.cmake
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/sm2)

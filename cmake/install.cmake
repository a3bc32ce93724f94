# bin/sm2, bin/sm2-serve, the two libraries with their headers, and a package for find_package(sm2).
include(CMakePackageConfigHelpers)

install(TARGETS sm2 RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
if(TARGET sm2-serve)
  install(TARGETS sm2-serve RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
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

# cpack makes two Debian packages: sm2, and libsm2-dev for C++ programs that use it. What sm2 depends on is read off its programs;
# libpq is opened at run time, and therefore only recommended.
set(SM2_MAINTAINER "SM2 maintainers <root@localhost>" CACHE STRING "who made the packages: NAME <ADDRESS>")

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME sm2)
set(CPACK_PACKAGE_CONTACT "${SM2_MAINTAINER}")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL runtime dev)
set(CPACK_COMPONENT_RUNTIME_DESCRIPTION "hyperparameter tuner that meters energy
 Finds the batch size, learning rate and other hyperparameters of a training
 program, and spends as few joules as possible doing it.")
set(CPACK_COMPONENT_DEV_DESCRIPTION "hyperparameter tuner that meters energy (C++ libraries)
 For training programs that join a study, and for programs that tune by
 themselves.")
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_NAME sm2)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_RECOMMENDS libpq5)
set(CPACK_DEBIAN_DEV_PACKAGE_NAME libsm2-dev)
set(CPACK_DEBIAN_DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEV_PACKAGE_DEPENDS libfmt-dev)
include(CPack)
